#pragma once
#include <c10/util/Exception.h>
#include <new>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "base/result.hpp"

namespace loadstar::gpt {

/// Does `work` and makes an Error of what LibTorch throws: memory that cannot be had, a process of the group that is
/// gone, a device that failed. What is done is said in `doing`, such as "generating".
template <class Work>
auto with_torch_errors(std::string_view doing, const Work& work) -> decltype(work()) {
    const auto failed = [doing](std::string_view reason) {
        return Error{.code = ErrorCode::internal,
                     .message = fmt::format("LibTorch failed while {}: {}", doing, reason)};
    };
    try {
        return work();
    } catch (const c10::Error& problem) {
        return failed(problem.what_without_backtrace());
    } catch (const std::bad_alloc&) {
        return failed("there is not enough memory");
    } catch (const std::runtime_error& problem) {  // of Gloo
        return failed(problem.what());
    }
}

}  // namespace loadstar::gpt
