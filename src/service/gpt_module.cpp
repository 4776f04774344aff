#include "service/gpt_module.hpp"

#include <dlfcn.h>

#include <fmt/format.h>

namespace loadstar::service {
namespace {

constexpr const char* module_file = "libloadstar_gpt.so";

Error not_opened() {
    const char* reason = dlerror();
    return {.code = ErrorCode::not_found,
            .message = fmt::format("cannot open {}: {}", module_file, reason ? reason : "unknown reason"),
            .hint = "it lies in lib/ beside the program and needs LibTorch (Debian: libtorch1.13)"};
}

bool opened = false;

Result<const gpt::Functions*> open_module() {
    // The program's own search path has lib/ beside it. Most of LibTorch is never called, so it is bound when called.
    void* module = dlopen(module_file, RTLD_LAZY | RTLD_LOCAL);
    if (!module) return not_opened();
    opened = true;
    const auto entry = reinterpret_cast<const gpt::Functions* (*)()>(dlsym(module, gpt::functions_symbol));
    if (!entry) return not_opened();
    const auto* functions = entry();
    if (std::string_view(functions->version) != LOADSTAR_VERSION)
        return Error{.code = ErrorCode::unsupported_version,
                     .message = fmt::format("{} is of version {}, expected {}", module_file, functions->version,
                                            LOADSTAR_VERSION)};
    return functions;
}

}  // namespace

Result<const gpt::Functions*> gpt_module() {
    static const auto module = open_module();
    return module;
}

bool gpt_module_is_open() { return opened; }

}  // namespace loadstar::service
