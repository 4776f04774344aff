#pragma once
#include "base/result.hpp"
#include "gpt/functions.hpp"

namespace loadstar::service {

/// Opens lib/libloadstar_gpt.so at the first call. Errors: those of module_functions.
Result<const gpt::Functions*> gpt_module();

}  // namespace loadstar::service
