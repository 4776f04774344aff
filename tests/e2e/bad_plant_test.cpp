// A plant that cannot be worked on as it is: a full disk, somebody else at work, no rights, prices with holes. Each
// ends with a clear message and the right exit code, and nothing that was acknowledged is lost.
#include <filesystem>
#include <optional>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "historian/historian.hpp"
#include "support/program.hpp"
#include "support/stored_plant.hpp"

namespace loadstar {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr int invalid_input = 3;
constexpr int permission_denied = 7;
constexpr int busy = 8;
constexpr int disk_full = 9;

constexpr const char* plant_file = R"([site]
name = "Works"
time_zone = "UTC"
[source.january]
file = "{0}/january.csv"
[source.january.stamp]
column = "time"
format = "unix_seconds"
[[source.january.column]]
column = "kWh"
series = "load"
unit = "kWh"
[source.year]
file = "{0}/year.csv"
[source.year.stamp]
column = "time"
format = "unix_seconds"
[[source.year.column]]
column = "kWh"
series = "load"
unit = "kWh"
)";

/// Quarter-hours from 2018-01-01 on that hardly compress.
std::string meter_file(int slots) {
    std::string text = "time,kWh\n";
    std::uint64_t value = 12345;
    for (int slot = 0; slot < slots; ++slot) {
        value = value * 6364136223846793005U + 1442695040888963407U;
        text += fmt::format("{},{}\n", 1'514'764'800 + slot * 900, static_cast<double>(value >> 20U) / 1e9);
    }
    return text;
}

/// A plant whose files lie in one folder and whose historian may lie in another one.
class BadPlant : public testing::Test {
  protected:
    void SetUp() override {
        files_.write("january.csv", meter_file(31 * 96));
        files_.write("year.csv", meter_file(365 * 96));
        write_plant(folder_.path());
    }
    void write_plant(const std::filesystem::path& folder) const {
        std::filesystem::copy_file(files_.write("plant.toml", fmt::format(plant_file, files_.path().string())),
                                   folder / "plant.toml", std::filesystem::copy_options::overwrite_existing);
    }
    static std::vector<std::string> import(const std::filesystem::path& plant, const std::string& source) {
        return {"import", plant.string(), "--source", source};
    }
    static nlohmann::json status(const std::filesystem::path& plant) {
        const auto result = run_loadstar({"status", plant.string(), "--json"});
        EXPECT_EQ(result.exit_code, 0) << result.errors;
        return nlohmann::json::parse(result.output);
    }
    /// Digest of a plant that imported everything without trouble.
    std::string whole_digest() const {
        EXPECT_EQ(run_loadstar({"import", folder_.path().string()}).exit_code, 0);
        return status(folder_.path()).at("digest");
    }

    TemporaryFolder files_;
    TemporaryFolder folder_;
};

/// A file system of a few kilobytes, mounted as long as this lives.
class SmallDisk {
  public:
    static bool mount_at(const std::filesystem::path& folder, const char* options) {
        return ::mount("tmpfs", folder.c_str(), "tmpfs", 0, options) == 0;
    }
    explicit SmallDisk(std::filesystem::path folder) : folder_(std::move(folder)) {}
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk() { umount(folder_.c_str()); }
    [[nodiscard]] bool grow() const { return ::mount("tmpfs", folder_.c_str(), "tmpfs", MS_REMOUNT, "size=16m") == 0; }

  private:
    std::filesystem::path folder_;
};

TEST_F(BadPlant, AnImportThatFillsTheDiskLosesNothingAndCanBeFinishedLater) {
    const TemporaryFolder small;
    if (!SmallDisk::mount_at(small.path(), "size=300k")) GTEST_SKIP() << "only root may mount a small file system";
    const SmallDisk disk(small.path());
    write_plant(small.path());
    ASSERT_EQ(run_loadstar(import(small.path(), "january")).exit_code, 0);
    const auto before = status(small.path());

    const auto full = run_loadstar(import(small.path(), "year"));
    EXPECT_EQ(full.exit_code, disk_full) << full.errors;
    EXPECT_THAT(full.errors, AllOf(HasSubstr("the disk is full"), HasSubstr("free some space and run it again")));
    EXPECT_EQ(status(small.path()).at("digest"), before.at("digest"));

    ASSERT_TRUE(disk.grow());
    EXPECT_EQ(run_loadstar(import(small.path(), "year")).exit_code, 0);
    EXPECT_EQ(status(small.path()).at("digest"), whole_digest());
}

TEST_F(BadPlant, AFileThatMayNotGrowIsToldAsAFullDisk) {
    ASSERT_EQ(run_loadstar(import(folder_.path(), "january")).exit_code, 0);
    const auto before = status(folder_.path());
    std::vector<std::string> limited{"--ignore-signal=XFSZ", "prlimit", "--fsize=200000",
                                     test_support::program_path().string()};
    auto probe = limited;
    probe.emplace_back("--version");
    if (run_program("/usr/bin/env", probe).exit_code != 0) GTEST_SKIP() << "prlimit is not there";
    const auto more = import(folder_.path(), "year");
    limited.insert(limited.end(), more.begin(), more.end());
    const auto full = run_program("/usr/bin/env", limited);
    EXPECT_EQ(full.exit_code, disk_full) << full.errors;
    EXPECT_EQ(status(folder_.path()).at("digest"), before.at("digest"));
    EXPECT_EQ(run_loadstar(import(folder_.path(), "year")).exit_code, 0);
}

TEST_F(BadPlant, TwoProcessesDoNotWriteToOneHistorianAtOnce) {
    ASSERT_EQ(run_loadstar(import(folder_.path(), "january")).exit_code, 0);
    {
        const auto other = historian::Historian::open(folder_.path() / "loadstar.db", historian::OpenMode::write,
                                                      parse_instant("2018-03-06T00:00:00Z").value());
        ASSERT_TRUE(other);
        const auto second = run_loadstar(import(folder_.path(), "year"));
        EXPECT_EQ(second.exit_code, busy);
        EXPECT_THAT(second.errors, HasSubstr(fmt::format("process {} since 2018-03-06T00:00:00Z writes", getpid())));
        EXPECT_EQ(status(folder_.path()).at("series").at(0).at("readings"), 31 * 96);  // reading goes on
        const auto doctor = run_loadstar({"doctor", folder_.path().string()});
        EXPECT_EQ(doctor.exit_code, 0) << doctor.output;
        EXPECT_THAT(doctor.output, HasSubstr("reading is possible meanwhile"));
    }
    EXPECT_EQ(run_loadstar(import(folder_.path(), "year")).exit_code, 0);
}

/// Runs the program as a user without rights; root would be allowed everything.
std::optional<ProgramResult> run_without_rights(const std::vector<std::string>& arguments) {
    if (geteuid() != 0) return run_loadstar(arguments);
    std::vector<std::string> nobody{"--reuid=65534", "--regid=65534", "--clear-groups",
                                    test_support::program_path().string()};
    auto probe = nobody;
    probe.emplace_back("--version");
    if (run_program("/usr/bin/setpriv", probe).exit_code != 0) return std::nullopt;
    nobody.insert(nobody.end(), arguments.begin(), arguments.end());
    return run_program("/usr/bin/setpriv", nobody);
}

TEST_F(BadPlant, WithoutTheRightToWriteReadingWorksAndWritingSaysWhatIsMissing) {
    ASSERT_EQ(run_loadstar(import(folder_.path(), "january")).exit_code, 0);
    chmod(files_.path().c_str(), 0755);
    chmod((folder_.path() / "loadstar.db").c_str(), 0444);
    chmod((folder_.path() / "loadstar.db.lock").c_str(), 0444);
    chmod(folder_.path().c_str(), 0555);
    const auto refused = run_without_rights(import(folder_.path(), "year"));
    if (!refused) GTEST_SKIP() << "the program cannot be run as another user here";
    EXPECT_EQ(refused->exit_code, permission_denied) << refused->errors;
    EXPECT_THAT(refused->errors, HasSubstr("the right to write"));
    EXPECT_EQ(run_without_rights({"status", folder_.path().string()})->exit_code, 0);
    const auto doctor = run_without_rights({"doctor", folder_.path().string()});
    EXPECT_EQ(doctor->exit_code, 0) << doctor->output;
    EXPECT_THAT(doctor->output, HasSubstr("this user may only read"));
    chmod(folder_.path().c_str(), 0755);
}

constexpr const char* contract = R"([site]
name = "Works"
time_zone = "UTC"
[source.meter]
file = "meter.csv"
[source.meter.stamp]
column = "time"
[[source.meter.column]]
column = "kWh"
series = "load"
unit = "kWh"
[[source.meter.column]]
column = "price"
series = "spot"
kind = "price"
unit = "CNY/kWh"
step_minutes = 60
[meter.main]
carrier = "electricity"
series = "load"
billing = true
[grid.main]
contract = "supply"
meter = "main"
)";

TEST(BadContract, HoursWithoutABandAndHoursWithTwoAreListed) {
    const TemporaryFolder folder;
    folder.write("plant.toml", std::string(contract) + R"([contract.supply]
[[contract.supply.band]]
name = "peak"
windows = ["08:00-20:00"]
[[contract.supply.band]]
name = "valley"
windows = ["19:00-07:30"]
[[contract.supply.energy]]
line = "energy"
prices_per_kwh = { peak = 1, valley = 0.5 }
)");
    const auto check = run_loadstar({"check", folder.path().string()});
    EXPECT_EQ(check.exit_code, invalid_input);
    EXPECT_THAT(check.output, AllOf(HasSubstr("07:30-08:00"), HasSubstr("19:00-20:00")));
    for (const auto* verb : {"bill", "import"}) {
        const auto result = run_loadstar({verb, folder.path().string()});
        EXPECT_EQ(result.exit_code, invalid_input) << verb;
        EXPECT_THAT(result.errors, AllOf(HasSubstr("07:30-08:00"), HasSubstr("19:00-20:00"))) << verb;
    }
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "loadstar.db"));
}

TEST(BadContract, AHoleInTheRealTimePricesIsNamedAndNothingIsBilled) {
    test_support::StoredPlant plant(std::string(contract) + R"([contract.supply]
[[contract.supply.energy]]
line = "energy"
price_series = "spot"
)");
    const auto start = parse_instant("2025-03-01T00:00:00Z").value();
    plant.store({.id = "load", .kind = SeriesKind::interval_energy, .unit = "kWh"}, start,
                std::vector<double>(31 * 96, 10.0));
    std::vector<std::optional<double>> prices(31 * 24, 0.5);
    prices[30].reset();
    plant.store({.id = "spot", .kind = SeriesKind::price, .unit = "CNY/kWh", .step = hours(1)}, start, prices);
    const auto result = run_loadstar({"bill", plant.folder().string(), "--month", "2025-03"});
    EXPECT_EQ(result.exit_code, invalid_input) << result.output;
    EXPECT_THAT(result.errors, AllOf(HasSubstr("spot"), HasSubstr("2025-03-02T06:00")));
    const auto doctor = run_loadstar({"doctor", plant.folder().string()});
    EXPECT_THAT(doctor.output, HasSubstr("has no price here"));
}

}  // namespace
}  // namespace loadstar
