#include "base/decimal.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

namespace loadstar {
namespace {

constexpr int fraction_digits = 12;
using Wide = Int128;
__extension__ typedef unsigned __int128 UnsignedInt128;

Wide power_of_ten(int exponent) {
    Wide result = 1;
    for (int i = 0; i < exponent; ++i) result *= 10;
    return result;
}

/// Quotient rounded half away from zero.
Wide divide_rounded(Wide numerator, Wide denominator) {
    if (denominator < 0) {
        numerator = -numerator;
        denominator = -denominator;
    }
    const Wide quotient = numerator / denominator;
    const Wide remainder = numerator % denominator;
    const Wide twice = 2 * (remainder < 0 ? -remainder : remainder);
    if (twice < denominator) return quotient;
    return numerator < 0 ? quotient - 1 : quotient + 1;
}

/// Whole numbers up to here are exact in a double, and so are powers of ten up to 1e22: their quotient rounds once.
constexpr Wide exact_in_double = Wide(1) << 53;
bool is_exact_in_double(Wide whole) { return whole < exact_in_double && whole > -exact_in_double; }

bool fits_64_bits(Wide whole) {
    return whole <= std::numeric_limits<std::int64_t>::max() && whole >= std::numeric_limits<std::int64_t>::min();
}

/// The digits of a number that was written with a few of them: value = whole / 10^digits.
struct Written {
    std::int64_t whole = 0;
    int digits = 0;
};

/// Finds the digits after the point that a value was written with. At most 15 digits in all, so that no other number of
/// as many digits reads back to the same double: these are the shortest. nullopt: it takes more, or it was computed.
std::optional<Written> few_digits(double value) {
    constexpr double fifteen_digits = 1e15;
    constexpr int most_digits = 6;
    double unit = 1;
    for (int digits = 0; digits <= most_digits; ++digits, unit *= 10) {
        const double scaled = value * unit;
        if (!(std::abs(scaled) < fifteen_digits)) return std::nullopt;
        const auto whole = static_cast<std::int64_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        if (static_cast<double>(whole) / unit == value) return Written{.whole = whole, .digits = digits};
    }
    return std::nullopt;
}

}  // namespace

Result<Decimal> Decimal::parse(std::string_view text) {
    const auto fail = [text](const char* expected) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("expected {}, found \"{}\"", expected, text)};
    };
    std::string_view rest = text;
    const bool negative = !rest.empty() && rest.front() == '-';
    if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) rest.remove_prefix(1);
    Wide units = 0;
    int digits = 0;
    int after_point = -1;
    for (const char c : rest) {
        if (c == '.' && after_point < 0) {
            after_point = 0;
        } else if (c >= '0' && c <= '9') {
            if (after_point == fraction_digits) return fail("at most 12 digits after the point");
            if (digits - std::max(after_point, 0) > 20) return fail("a number below 1e20");
            units = units * 10 + (c - '0');
            ++digits;
            if (after_point >= 0) ++after_point;
        } else {
            return fail("a decimal number");
        }
    }
    if (digits == 0) return fail("a decimal number");
    units *= power_of_ten(fraction_digits - std::max(after_point, 0));
    return from_units(negative ? -units : units);
}

Decimal Decimal::from_double(double value) {
    if (!std::isfinite(value)) throw std::domain_error("a decimal cannot hold a number that is not finite");
    if (const auto written = few_digits(value))
        return from_units(written->whole * power_of_ten(fraction_digits - written->digits));
    std::array<char, 400> buffer{};
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
    std::string_view text(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
    if (const auto point = text.find('.');
        point != std::string_view::npos && text.size() - point - 1 > fraction_digits) {
        // More digits than a decimal holds: a computed value, not a written one. Round its thirteenth digit.
        const auto kept = parse(text.substr(0, point + 1 + fraction_digits));
        const bool up = text[point + 1 + fraction_digits] >= '5';
        const Wide nudge = up ? (value < 0 ? -1 : 1) : 0;
        return from_units(kept.value().units_ + nudge);
    }
    const auto parsed = parse(text);
    if (!parsed) throw std::domain_error("number too large for a decimal: " + std::string(text));
    return *parsed;
}

double Decimal::to_double() const {
    Wide whole = units_;
    Wide unit = scale;
    for (const int zeros : {1'000'000, 1'000, 10, 10}) {
        if (is_exact_in_double(whole)) return static_cast<double>(whole) / static_cast<double>(unit);
        if (whole % zeros != 0) continue;
        whole /= zeros;
        unit /= zeros;
    }
    const auto exact = text();
    double value = 0;
    std::from_chars(exact.data(), exact.data() + exact.size(), value);
    return value;
}

Decimal Decimal::rounded(int digits) const {
    const Wide unit = power_of_ten(fraction_digits - digits);
    return from_units(divide_rounded(units_, unit) * unit);
}

std::string Decimal::text(int digits) const {
    const Wide shown = divide_rounded(units_, power_of_ten(fraction_digits - digits));
    const Wide magnitude = shown < 0 ? -shown : shown;
    const Wide unit = power_of_ten(digits);
    const auto sign = shown < 0 ? "-" : "";
    const auto whole = fmt::format("{}{}", sign, static_cast<UnsignedInt128>(magnitude / unit));
    if (digits == 0) return whole;
    return fmt::format("{}.{:0{}}", whole, static_cast<std::int64_t>(magnitude % unit), digits);
}

std::string Decimal::text() const {
    auto full = text(fraction_digits);
    full.erase(full.find_last_not_of('0') + 1);
    if (full.back() == '.') full.pop_back();
    return full;
}

Decimal operator*(Decimal a, Decimal b) {
    if (fits_64_bits(a.units_) && fits_64_bits(b.units_))
        return Decimal::from_units(divide_rounded(a.units_ * b.units_, Decimal::scale));
    // Split b into whole and fraction so that the product stays inside 128 bits for every realistic bill.
    const Wide whole = b.units_ / Decimal::scale;
    const Wide fraction = b.units_ % Decimal::scale;
    const Wide a_whole = a.units_ / Decimal::scale;
    const Wide a_fraction = a.units_ % Decimal::scale;
    return Decimal::from_units(a.units_ * whole + a_whole * fraction +
                               divide_rounded(a_fraction * fraction, Decimal::scale));
}

Decimal operator/(Decimal a, Decimal b) {
    if (b.units_ == 0) throw std::domain_error("division of a decimal by zero");
    if (fits_64_bits(a.units_)) return Decimal::from_units(divide_rounded(a.units_ * Decimal::scale, b.units_));
    // Long division, one decimal digit at a time: the numerator times 1e12 may not fit into 128 bits.
    const bool negative = (a.units_ < 0) != (b.units_ < 0);
    const Wide numerator = a.units_ < 0 ? -a.units_ : a.units_;
    const Wide denominator = b.units_ < 0 ? -b.units_ : b.units_;
    Wide quotient = numerator / denominator;
    Wide remainder = numerator % denominator;
    for (int digit = 0; digit < fraction_digits; ++digit) {
        remainder *= 10;
        quotient = quotient * 10 + remainder / denominator;
        remainder %= denominator;
    }
    if (2 * remainder >= denominator) ++quotient;
    return Decimal::from_units(negative ? -quotient : quotient);
}

}  // namespace loadstar
