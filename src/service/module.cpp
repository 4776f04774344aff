#include "service/module.hpp"

#include <dlfcn.h>

#include <fmt/format.h>

namespace loadstar::service {
namespace {

Error not_opened(const char* file) {
    const char* reason = dlerror();
    return {.code = ErrorCode::not_found,
            .message = fmt::format("cannot open {}: {}", file, reason ? reason : "unknown reason"),
            .hint = "it lies in lib/ beside the program and needs LibTorch (Debian: libtorch1.13)"};
}

bool opened = false;

}  // namespace

Result<void*> open_module(const char* file, const char* symbol) {
    // The program's own search path has lib/ beside it. Most of LibTorch is never called, so it is bound when called.
    void* module = dlopen(file, RTLD_LAZY | RTLD_LOCAL);
    if (!module) return not_opened(file);
    opened = true;
    void* entry = dlsym(module, symbol);
    if (!entry) return not_opened(file);
    return entry;
}

bool any_module_is_open() { return opened; }

Result<void> check_module(const char* file, std::string_view version) {
    if (version == LOADSTAR_VERSION) return {};
    return Error{.code = ErrorCode::unsupported_version,
                 .message = fmt::format("{} is of version {}, expected {}", file, version, LOADSTAR_VERSION)};
}

}  // namespace loadstar::service
