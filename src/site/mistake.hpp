#pragma once
#include <string>

namespace loadstar {

/// One thing wrong in a plant file. All of them are shown together.
struct Mistake {
    int line = 0;
    int column = 0;
    std::string where;    ///< file:line:column
    std::string message;  ///< lower case, what was expected, value found last
    std::string hint;     ///< what to write instead
};

}  // namespace loadstar
