#pragma once
#include "base/result.hpp"
#include "gpt/functions.hpp"

namespace loadstar::service {

/// Opens lib/libloadstar_gpt.so beside the program, and with it LibTorch, at the first call; it stays open.
/// Errors: not_found (the module or LibTorch is not there; says which); unsupported_version (of another build).
Result<const gpt::Functions*> gpt_module();

/// True when LibTorch is in this process: it takes 70 ms to leave through its destructors, which have nothing to do.
bool gpt_module_is_open();

}  // namespace loadstar::service
