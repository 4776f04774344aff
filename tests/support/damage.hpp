#pragma once
// Damaged inputs of a reader, by number: the same number gives the same bytes, whatever else was asked for.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace loadstar::test_support {

/// The bytes of each file that a reader opens together.
using Parts = std::vector<std::string>;

/// How the numbers of a part are written.
enum class NumbersAre { binary, decimal };

struct Specimen {
    Parts parts;
    std::vector<NumbersAre> numbers;  ///< by part; `decimal` for JSON and lists of text
};

/// Inputs 0, 2, 4, ... attack the fields: every stretch of 1, 2, 4 and 8 bytes of every part (or every decimal number)
/// is given every claim that a reader might believe, so that each length, count and offset is among them, wherever it
/// stands. Inputs 1, 3, 5, ... are cut short, flipped, spliced with pieces of each other and stuttering.
class Damage {
  public:
    explicit Damage(std::vector<Specimen> specimens) : specimens_(std::move(specimens)) {
        for (std::size_t specimen = 0; specimen < specimens_.size(); ++specimen)
            for (std::size_t part = 0; part < specimens_[specimen].parts.size(); ++part) add_fields(specimen, part);
    }
    /// Attacks on fields; twice as many inputs make them all.
    [[nodiscard]] std::uint64_t attacks() const { return attacks_; }

    [[nodiscard]] Parts input(std::uint64_t number) const {
        std::mt19937_64 random(number);
        if (number % 2 == 1) return spoilt(random);
        const auto turn = number / 2;
        auto parts = attacked(turn % attacks_);
        if (turn >= attacks_) spoil(parts[random() % parts.size()], random);
        return parts;
    }

  private:
    static constexpr std::uint64_t scatter =
        2'654'435'761;  // a prime: any stretch of numbers meets all kinds of fields

    struct Field {
        std::size_t specimen, part, offset, bytes;
        std::uint64_t first_attack;
    };

    static std::vector<std::uint64_t> claims(std::size_t bytes, std::uint64_t file_size, std::uint64_t old) {
        const auto top = std::uint64_t{1} << (8 * bytes - 1);
        std::vector<std::uint64_t> values{0, 1, ~std::uint64_t{0}, old + 1, old - 1, top, top - 1};
        if (bytes >= 2) values.insert(values.end(), {file_size, file_size + 1, file_size - 1});
        if (bytes == 8)
            values.insert(values.end(), {std::uint64_t{1} << 31, std::uint64_t{1} << 32, (std::uint64_t{1} << 32) - 1,
                                         std::uint64_t{1} << 48, std::uint64_t{1} << 61, std::uint64_t{1} << 62});
        return values;
    }
    static std::vector<std::string> decimal_claims(const std::string& old) {
        return {"0",
                "1",
                "-1",
                old + "0",
                "4294967296",
                "2147483647",
                "2147483648",
                "1.5",
                "1e400",
                "null",
                "[]",
                "9223372036854775807",
                "9223372036854775808",
                "18446744073709551615",
                "18446744073709551616"};
    }
    void add_fields(std::size_t specimen, std::size_t part) {
        const auto& bytes = specimens_[specimen].parts[part];
        const auto add = [&](std::size_t offset, std::size_t length, std::size_t values) {
            fields_.push_back({specimen, part, offset, length, attacks_});
            attacks_ += values;
        };
        if (specimens_[specimen].numbers[part] == NumbersAre::decimal) {
            constexpr const char* digits = "0123456789";
            for (auto at = bytes.find_first_of(digits); at != std::string::npos;) {
                const auto end = std::min(bytes.find_first_not_of(digits, at), bytes.size());
                add(at, end - at, decimal_claims("").size());
                at = bytes.find_first_of(digits, end);
            }
            return;
        }
        for (const std::size_t length : {1, 2, 4, 8})
            for (std::size_t at = 0; at + length <= bytes.size(); ++at) add(at, length, claims(length, 0, 0).size());
    }
    [[nodiscard]] Parts attacked(std::uint64_t turn) const {
        const auto attack = turn * scatter % attacks_;
        const auto after = std::ranges::upper_bound(fields_, attack, {}, &Field::first_attack);
        const auto& field = *std::prev(after);
        auto parts = specimens_[field.specimen].parts;
        auto& bytes = parts[field.part];
        const auto claim = attack - field.first_attack;
        if (specimens_[field.specimen].numbers[field.part] == NumbersAre::decimal) {
            const auto old = bytes.substr(field.offset, field.bytes);
            bytes.replace(field.offset, field.bytes, decimal_claims(old)[claim]);
            return parts;
        }
        std::uint64_t old = 0;
        bytes.copy(reinterpret_cast<char*>(&old), field.bytes, field.offset);
        const auto value = claims(field.bytes, bytes.size(), old)[claim];
        bytes.replace(field.offset, field.bytes, reinterpret_cast<const char*>(&value), field.bytes);
        return parts;
    }

    [[nodiscard]] Parts spoilt(std::mt19937_64& random) const {
        auto parts = specimens_[random() % specimens_.size()].parts;
        for (auto times = 1 + random() % 3; times > 0; --times) spoil(parts[random() % parts.size()], random);
        return parts;
    }
    void spoil(std::string& bytes, std::mt19937_64& random) const {
        const auto place = [&](const std::string& of) { return random() % (of.size() + 1); };
        const auto length = 1 + random() % 64;
        switch (random() % 6) {
            case 0: bytes.resize(place(bytes)); break;
            case 1:
                for (auto flips = 1 + random() % 8; flips > 0 && !bytes.empty(); --flips)
                    bytes[random() % bytes.size()] ^= static_cast<char>(1U << random() % 8);
                break;
            case 2: bytes.erase(place(bytes), length); break;
            case 3: bytes.insert(place(bytes), piece(random, length)); break;
            case 4: bytes.replace(place(bytes), length, piece(random, length)); break;
            default: {
                const auto at = place(bytes);
                const auto again = bytes.substr(at, length);
                for (auto times = 1 + random() % 40; times > 0; --times) bytes.insert(at, again);
            }
        }
    }
    [[nodiscard]] std::string piece(std::mt19937_64& random, std::size_t length) const {
        const auto& parts = specimens_[random() % specimens_.size()].parts;
        const auto& from = parts[random() % parts.size()];
        return from.substr(random() % (from.size() + 1), length);
    }

    std::vector<Specimen> specimens_;
    std::vector<Field> fields_;
    std::uint64_t attacks_ = 0;
};

}  // namespace loadstar::test_support
