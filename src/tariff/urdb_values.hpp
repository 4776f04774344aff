#pragma once
// Typed access to the fields of a rate of the Utility Rate Database that tells every wrong one with its place.
// Internal to layer tariff.

#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/decimal.hpp"
#include "tariff/foreign_hours.hpp"
#include "tariff/foreign_tariff.hpp"

namespace loadstar::tariff {

/// Period of each hour, [month][hour].
using UrdbSchedule = std::array<std::array<int, 24>, 12>;

/// One tier of a period, as the file has it.
struct UrdbTier {
    Decimal rate;                ///< with the adjustment
    std::optional<Decimal> max;  ///< absent: without end
    std::optional<Decimal> sell;
    std::string unit;  ///< of max; "" when not given
};
using UrdbPeriod = std::vector<UrdbTier>;

/// Reads fields; what is wrong is added to the mistakes of the tariff.
class UrdbValues {
  public:
    UrdbValues(const nlohmann::json& rate, std::string file, ForeignTariff& tariff)
        : rate_(rate), file_(std::move(file)), tariff_(tariff) {}

    [[nodiscard]] bool has(const std::string& key) const { return rate_.contains(key) && !rate_.at(key).is_null(); }
    std::string text(const std::string& key);
    /// A number; nullopt when there is none.
    std::optional<Decimal> number(const std::string& key);
    /// `key[period][tier]`; empty when there is none.
    std::vector<UrdbPeriod> structure(const std::string& key);
    /// 12 rows of 24 periods below `periods`; nullopt when there is none or it is wrong.
    std::optional<UrdbSchedule> schedule(const std::string& key, std::size_t periods);
    /// 12 periods below `periods`, one for each month.
    std::optional<std::array<int, 12>> months(const std::string& key, std::size_t periods);
    /// Keys that nobody asked for.
    [[nodiscard]] std::vector<std::string> unread(const std::set<std::string>& ignored) const;

    void mistake(const std::string& pointer, std::string message, std::string hint = "");
    void remark(const std::string& pointer, std::string message, std::string hint = "");
    [[nodiscard]] std::size_t mistakes() const { return tariff_.mistakes.size(); }

  private:
    std::optional<Decimal> number_at(const nlohmann::json& node, const std::string& pointer);
    UrdbTier tier_at(const nlohmann::json& node, const std::string& pointer);
    std::optional<int> period_at(const nlohmann::json& node, const std::string& pointer, std::size_t periods);

    const nlohmann::json& rate_;
    std::string file_;
    ForeignTariff& tariff_;
    std::set<std::string> read_;
};

}  // namespace loadstar::tariff
