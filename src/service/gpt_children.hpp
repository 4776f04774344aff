#pragma once
#include <functional>
#include <optional>
#include <sys/types.h>
#include <vector>

#include "base/result.hpp"

namespace loadstar::service {

/// Copies of this process that work beside it. They do not hear Ctrl-C (the process that started them tells them to
/// stop), and end when it ends.
class GptChildren {
  public:
    /// Starts `count` copies, each doing `work(number)`; to be called while this process has a single thread.
    /// Errors: internal (no process can be started).
    static Result<GptChildren> start(int count, const std::function<Result<void>(int)>& work);
    GptChildren(GptChildren&& other) noexcept : children_(std::move(other.children_)) { other.children_.clear(); }
    GptChildren& operator=(GptChildren&&) = delete;
    /// Ends those that are left.
    ~GptChildren();

    /// Waits until all are done; the first error among theirs.
    std::optional<Error> wait();

  private:
    struct Child {
        pid_t process;
        int errors;  ///< what the child says about its error
    };
    GptChildren() = default;
    std::vector<Child> children_;
};

}  // namespace loadstar::service
