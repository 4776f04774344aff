#pragma once
#include <string_view>

#include "base/result.hpp"

namespace loadstar::service {

/// Opens a module in lib/ beside the program, and with it LibTorch, and gives its one function. It stays open.
/// Errors: not_found (the module or LibTorch is not there; says which).
Result<void*> open_module(const char* file, const char* symbol);

/// True when LibTorch is in this process: it takes 70 ms to leave through its destructors, which have nothing to do.
bool any_module_is_open();

/// Errors: unsupported_version (a module of another build).
Result<void> check_module(const char* file, std::string_view version);

/// The table of functions of a module. Errors: those of open_module and check_module.
template <class Functions>
Result<const Functions*> module_functions(const char* file, const char* symbol) {
    LOADSTAR_TRY(void* const entry, open_module(file, symbol));
    const auto* functions = reinterpret_cast<const Functions* (*)()>(entry)();
    LOADSTAR_CHECK(check_module(file, functions->version));
    return functions;
}

}  // namespace loadstar::service
