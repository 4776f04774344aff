#pragma once
// The model registry: every version that was trained for a target, and which of them is in use (the champion).

#include <optional>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "base/result.hpp"
#include "historian/historian.hpp"

namespace loadstar::historian {

/// A trained model, as it goes in.
struct ModelRecord {
    std::string target;  ///< id of the series it predicts
    std::string method;
    Instant created_at;
    std::string metrics;  ///< JSON: how well it did, and on what
    std::string data;     ///< the model, any bytes
    bool operator==(const ModelRecord&) const = default;
};

/// A version of the registry without its bytes.
struct ModelVersion {
    std::string target;
    int version = 0;  ///< 1, 2, ... per target
    std::string method;
    Instant created_at;
    bool champion = false;
    std::string metrics;
    bool operator==(const ModelVersion&) const = default;
};

/// Adds a version and returns its number; nothing changes about the champion.
/// Errors: permission_denied (opened for reading), disk_full, busy, io_error.
Result<int> put_model(Historian& historian, const ModelRecord& model);
/// Makes this version the champion of its target in the place of the one before, in one transaction.
/// Errors: not_found (no such version; the champion stays), and those of put_model.
Result<void> set_champion(Historian& historian, const std::string& target, int version);
/// All versions, by target and number. Errors: io_error.
Result<std::vector<ModelVersion>> models(const Historian& historian);
/// The champion of a target, if one was ever set. Errors: io_error.
Result<std::optional<ModelVersion>> champion(const Historian& historian, const std::string& target);
/// The bytes of a version. Errors: not_found, io_error.
Result<std::string> model_data(const Historian& historian, const std::string& target, int version);

}  // namespace loadstar::historian
