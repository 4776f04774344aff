#pragma once
#include "base/result.hpp"
#include "neural/functions.hpp"

namespace loadstar::service {

/// Opens lib/libloadstar_neural.so at the first call. Errors: those of module_functions.
Result<const neural::Functions*> neural_module();

}  // namespace loadstar::service
