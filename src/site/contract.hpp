#pragma once
#include <string>

namespace loadstar {

/// A supply contract as data.
struct Contract {
    std::string id;
    std::string name;
};

}  // namespace loadstar
