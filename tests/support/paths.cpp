#include "support/paths.hpp"

namespace loadstar::test_support {

std::filesystem::path source_root() { return LOADSTAR_SOURCE_ROOT; }

std::filesystem::path program_path() { return LOADSTAR_PROGRAM; }

}  // namespace loadstar::test_support
