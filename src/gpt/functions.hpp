#pragma once
#include "gpt/evaluation.hpp"
#include "gpt/generation.hpp"
#include "gpt/training.hpp"

namespace loadstar::gpt {

/// What the module lib/libloadstar_gpt.so offers to the program that opens it. Module and program are built together;
/// the version is there to tell a module of another build.
struct Functions {
    const char* version = nullptr;  ///< of Loadstar
    decltype(&gpt::generate) generate = nullptr;
    decltype(&gpt::evaluate) evaluate = nullptr;
    decltype(&gpt::train) train = nullptr;
};

/// Name of the one function that the module shows: `const Functions* loadstar_gpt_functions()`.
inline constexpr const char* functions_symbol = "loadstar_gpt_functions";

}  // namespace loadstar::gpt
