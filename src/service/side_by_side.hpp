#pragma once
#include <cstddef>
#include <functional>

#include "base/progress.hpp"
#include "base/result.hpp"

namespace loadstar::service {

/// One of several jobs, by its number. The progress it is given may be reported to from any thread.
using Job = std::function<Result<void>(std::size_t, Progress&)>;

/// Does jobs [0, count) that share nothing they change, as many at a time as there are processors, and waits for all of
/// them. @return  the first error in the order of the jobs
Result<void> side_by_side(std::size_t count, const Job& job, Progress& progress);

}  // namespace loadstar::service
