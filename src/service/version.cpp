#include "service/version.hpp"

namespace loadstar::service {

std::string_view version() { return LOADSTAR_VERSION; }

}  // namespace loadstar::service
