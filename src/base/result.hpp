#pragma once
// Errors as values: every fallible function returns Result<T>; nothing throws across a layer.

#include <string>
#include <utility>
#include <variant>

namespace loadstar {

/// What went wrong, in terms of what the caller can do about it. Maps once to exit codes (cli) and HTTP status.
enum class ErrorCode {
    invalid_argument,  ///< the caller asked for something that has no meaning
    invalid_input,     ///< a file or configuration holds something that cannot be used
    not_found,
    out_of_range,
    already_exists,
    permission_denied,
    busy,  ///< somebody else holds the resource; try again
    disk_full,
    io_error,
    unsupported_version,
    cancelled,
    internal,  ///< a broken contract inside Loadstar
};

/// Name of a code as it appears in JSON and messages, such as "invalid_input".
const char* to_string(ErrorCode code);

/// One error: message in lower case with the value found last, `where` as `file:line:column` or `series @ instant`,
/// `hint` says what to do.
struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string message{};
    std::string where{};
    std::string hint{};
};

/// Adds what the caller was doing in front of the message.
Error with_context(Error error, const std::string& context);

/// Renders `where: message` and, on a second line, `  hint: ...`.
std::string to_string(const Error& error);

/// A value or an Error. Uses the words of std::expected, which GCC 12 offers only under C++23.
template <class T>
class [[nodiscard]] Result {
  public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    /// The value; calling it on an error is a broken contract and throws std::bad_variant_access.
    T& value() & { return std::get<0>(state_); }
    const T& value() const& { return std::get<0>(state_); }
    T&& value() && { return std::get<0>(std::move(state_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const& { return std::get<1>(state_); }
    Error&& error() && { return std::get<1>(std::move(state_)); }

  private:
    std::variant<T, Error> state_;
};

/// Success without a value.
template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Error error) : error_(std::move(error)), failed_(true) {}

    [[nodiscard]] bool has_value() const { return !failed_; }
    explicit operator bool() const { return has_value(); }
    const Error& error() const& { return error_; }
    Error&& error() && { return std::move(error_); }

  private:
    Error error_;
    bool failed_ = false;
};

}  // namespace loadstar

#define LOADSTAR_CONCAT_INNER(a, b) a##b
#define LOADSTAR_CONCAT(a, b) LOADSTAR_CONCAT_INNER(a, b)

/// Evaluates a Result expression; on error returns it from the enclosing function, else declares `target` with the
/// value.
#define LOADSTAR_TRY(target, expression)                              \
    auto LOADSTAR_CONCAT(result_, __LINE__) = (expression);           \
    if (!LOADSTAR_CONCAT(result_, __LINE__)) {                        \
        return std::move(LOADSTAR_CONCAT(result_, __LINE__)).error(); \
    }                                                                 \
    target = std::move(*LOADSTAR_CONCAT(result_, __LINE__))

/// Same for Result<void>.
#define LOADSTAR_CHECK(expression)                                                                     \
    if (auto LOADSTAR_CONCAT(result_, __LINE__) = (expression); !LOADSTAR_CONCAT(result_, __LINE__)) { \
        return std::move(LOADSTAR_CONCAT(result_, __LINE__)).error();                                  \
    }
