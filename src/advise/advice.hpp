#pragma once
// What can be told to an energy manager: advice with its worth and its grounds, and what was found to be fine.

#include <optional>
#include <string>
#include <vector>

#include "advise/billed_history.hpp"
#include "base/quantity.hpp"
#include "base/text.hpp"

namespace loadstar::advise {

/// How far a figure can be trusted.
enum class Confidence { low, medium, high };
const char* to_string(Confidence confidence);

/// What a year would be lighter by. Negative = a year would need more of it.
struct YearlySaving {
    std::optional<Energy> energy{};  ///< absent when nothing measured says so
    std::optional<Money> cost{};     ///< absent without a contract
    std::optional<Carbon> carbon{};  ///< absent without a factor
};

/// Money to be spent first.
struct Investment {
    Money cost;
    std::optional<double> payback_years{};     ///< without interest; absent when it never comes back
    std::optional<Money> net_present_value{};  ///< over its life at the discount rate
};

/// One recommendation. Its saving is what billing the measured periods again gives, scaled to a year.
struct Advice {
    std::string id;  ///< topic, or topic.subject: "contract_demand", "idle_machines.press"
    Text title;
    Text text;  ///< what to do, and what it is worth
    YearlySaving saving{};
    std::optional<Investment> investment{};
    Confidence confidence = Confidence::low;
    Text confidence_reason{};
    std::vector<Text> evidence{};  ///< numbers with their dates
    Text how_computed{};           ///< one line
    /// Topics whose advice saves partly the same money: the two do not simply add up.
    std::vector<std::string> overlaps{};
    /// The measured periods as they would have been, for billing them again; absent without a contract.
    std::optional<BilledHistory> followed{};
    /// Part of the re-billed difference that is told as the saving, 0..1 (below 1 where hindsight decided).
    double share_told = 1;
};

enum class Verdict {
    advised,
    fine,          ///< examined, nothing worth doing
    not_examined,  ///< something is missing; the remark says what
};
const char* to_string(Verdict verdict);

/// What came out of one topic.
struct Finding {
    std::string topic;
    Text title;
    Verdict verdict = Verdict::not_examined;
    Text remark{};  ///< why it is fine, or what is missing
    std::vector<Advice> advice{};
};

/// All advice followed: less than the sum of the pieces where they save the same money.
struct Together {
    YearlySaving saving{};
    std::vector<Text> no_longer_worth_it{};  ///< titles of advice that saves too little once the rest is followed
};

}  // namespace loadstar::advise
