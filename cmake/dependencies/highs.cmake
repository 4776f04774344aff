# HiGHS, C API (the prebuilt library uses the old std::string ABI, so its C++ classes do not link). Only src/solver.
add_pinned_library(highs libhighs.so)
