#include "service/demo.hpp"

#include <csignal>
#include <set>
#include <sys/resource.h>

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace loadstar::service {
namespace {

/// Lets no file of this process grow beyond a size while it lives: a disk that is too small.
class SmallFiles {
  public:
    explicit SmallFiles(rlim_t most) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit small{.rlim_cur = most, .rlim_max = before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
    }
    ~SmallFiles() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    SmallFiles(const SmallFiles&) = delete;
    SmallFiles& operator=(const SmallFiles&) = delete;

  private:
    rlimit before_{};
    void (*handler_)(int);
};

std::set<std::string> names_in(const std::filesystem::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) names.insert(entry.path().filename());
    return names;
}

TEST(Demo, AFileThatCannotBeWrittenLeavesNoDataBehindAndTheDemoCanBeMadeLater) {
    const TemporaryFolder work;
    const DemoRequest request{.folder = work.path() / "plant", .days = 10};
    NoProgress progress;
    {
        const SmallFiles small(60'000);
        const auto failed = make_demo(request, progress);
        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error().code, ErrorCode::io_error);
        EXPECT_EQ(failed.error().message, "cannot write: File too large");
    }
    EXPECT_EQ(names_in(request.folder), (std::set<std::string>{"plant.toml", "README.md"}));
    EXPECT_TRUE(make_demo(request, progress));
    EXPECT_EQ(names_in(request.folder), (std::set<std::string>{"plant.toml", "README.md", "data", "truth"}));
}

}  // namespace
}  // namespace loadstar::service
