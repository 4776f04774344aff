#include "service/networks.hpp"

#include <mutex>

#include "service/neural_module.hpp"

namespace loadstar::service {
namespace {

/// Opens once, whoever asks first.
class OpenedOnce {
  public:
    explicit OpenedOnce(std::filesystem::path folder) : folder_(std::move(folder)) {}

    Result<forecast::SharedNetwork> get() {
        const std::lock_guard guard(mutex_);
        if (!network_) {
            LOADSTAR_TRY(const auto* module, neural_module());
            LOADSTAR_TRY(network_, module->open_network(folder_, {}));
        }
        return network_;
    }

  private:
    std::filesystem::path folder_;
    std::mutex mutex_;
    forecast::SharedNetwork network_;
};

}  // namespace

forecast::NetworkSource network_in(const std::filesystem::path& folder) {
    return [once = std::make_shared<OpenedOnce>(folder)] { return once->get(); };
}

forecast::NetworkSource shipped_network() {
    static const auto source = []() -> forecast::NetworkSource {
        std::error_code ignored;
        const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
        const auto folder = program.parent_path() / "models" / "loadstar-small";
        if (!std::filesystem::is_directory(folder, ignored)) return {};
        return network_in(folder);
    }();
    return source;
}

}  // namespace loadstar::service
