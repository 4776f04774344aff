#include "base/result.hpp"

namespace loadstar {

const char* to_string(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid_argument: return "invalid_argument";
        case ErrorCode::invalid_input: return "invalid_input";
        case ErrorCode::not_found: return "not_found";
        case ErrorCode::out_of_range: return "out_of_range";
        case ErrorCode::already_exists: return "already_exists";
        case ErrorCode::permission_denied: return "permission_denied";
        case ErrorCode::busy: return "busy";
        case ErrorCode::disk_full: return "disk_full";
        case ErrorCode::io_error: return "io_error";
        case ErrorCode::unsupported_version: return "unsupported_version";
        case ErrorCode::cancelled: return "cancelled";
        case ErrorCode::internal: return "internal";
    }
    return "internal";
}

Error with_context(Error error, const std::string& context) {
    error.message = context + ": " + error.message;
    return error;
}

std::string to_string(const Error& error) {
    std::string text = error.where.empty() ? error.message : error.where + ": " + error.message;
    if (!error.hint.empty()) text += "\n  hint: " + error.hint;
    return text;
}

}  // namespace loadstar
