#include "historian/block.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <zstd.h>

namespace loadstar::historian {

namespace {

constexpr std::uint8_t format = 1;
constexpr int compression_level = 1;
constexpr int most_digits = 9;
constexpr std::uint8_t as_bits = 255;  ///< in place of a number of digits: values are not short decimals
constexpr std::array<double, most_digits + 1> power_of_ten{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
constexpr double largest_exact = 4503599627370496.0;  // 2^52
constexpr std::size_t largest_payload = std::size_t{1} << 30;

constexpr std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

class Writer {
  public:
    explicit Writer(std::vector<std::uint8_t>& bytes) : bytes_(bytes) { bytes_.clear(); }
    void byte(std::uint8_t value) { bytes_.push_back(value); }
    /// Seven bits per byte, low ones first.
    void number(std::uint64_t value) {
        while (value >= 0x80) {
            bytes_.push_back(static_cast<std::uint8_t>(value | 0x80));
            value >>= 7;
        }
        bytes_.push_back(static_cast<std::uint8_t>(value));
    }
    void signed_number(std::int64_t value) { number(zigzag(value)); }

  private:
    std::vector<std::uint8_t>& bytes_;
};

/// Reads what Writer wrote; running over the end is remembered, not an accident.
class Reader {
  public:
    explicit Reader(const std::vector<std::uint8_t>& bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}
    std::uint8_t byte() {
        if (at_ == end_) {
            failed_ = true;
            return 0;
        }
        return *at_++;
    }
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const std::uint8_t next = byte();
            value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
        failed_ = true;
        return 0;
    }
    std::int64_t signed_number() { return unzigzag(number()); }
    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] bool at_end() const { return at_ == end_; }
    [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  private:
    const std::uint8_t* at_;
    const std::uint8_t* end_;
    bool failed_ = false;
};

bool is_decimal(double value, int digits) {
    const double factor = power_of_ten[static_cast<std::size_t>(digits)];
    const double scaled = std::nearbyint(value * factor);
    return std::fabs(scaled) < largest_exact &&
           std::bit_cast<std::uint64_t>(scaled / factor) == std::bit_cast<std::uint64_t>(value);
}

/// The fewest digits after the point that give every value back exactly, or as_bits.
std::uint8_t digits_of(const std::vector<Reading>& readings) {
    int digits = 0;
    for (const auto& reading : readings) {
        while (!is_decimal(reading.value, digits)) {
            if (++digits > most_digits) return as_bits;
        }
    }
    // More digits make the integers larger: an early value may have left the exact range.
    for (const auto& reading : readings) {
        if (!is_decimal(reading.value, digits)) return as_bits;
    }
    return static_cast<std::uint8_t>(digits);
}

void write_stamps(Writer& writer, Instant start, const std::vector<Reading>& readings) {
    std::int64_t before = to_stored(start);
    std::int64_t delta_before = 0;
    for (const auto& reading : readings) {
        const std::int64_t delta = to_stored(reading.at) - before;
        writer.signed_number(delta - delta_before);
        delta_before = delta;
        before = to_stored(reading.at);
    }
}

void read_stamps(Reader& reader, Instant start, std::vector<Reading>& readings) {
    std::int64_t before = to_stored(start);
    std::int64_t delta = 0;
    for (auto& reading : readings) {
        delta += reader.signed_number();
        before += delta;
        reading.at = from_stored(before);
    }
}

void write_decimals(Writer& writer, int digits, const std::vector<Reading>& readings) {
    const double factor = power_of_ten[static_cast<std::size_t>(digits)];
    std::int64_t before = 0;
    for (const auto& reading : readings) {
        const auto scaled = static_cast<std::int64_t>(std::nearbyint(reading.value * factor));
        writer.signed_number(scaled - before);
        before = scaled;
    }
}

void read_decimals(Reader& reader, int digits, std::vector<Reading>& readings) {
    const double factor = power_of_ten[static_cast<std::size_t>(digits)];
    std::int64_t scaled = 0;
    for (auto& reading : readings) {
        scaled += reader.signed_number();
        reading.value = static_cast<double>(scaled) / factor;
    }
}

// Byte by byte across all values: neighbours share their high bytes, and the compressor finds that only side by side.
void write_bits(Writer& writer, const std::vector<Reading>& readings) {
    for (int shift = 0; shift < 64; shift += 8) {
        std::uint64_t before = 0;
        for (const auto& reading : readings) {
            const auto bits = std::bit_cast<std::uint64_t>(reading.value);
            writer.byte(static_cast<std::uint8_t>((bits ^ before) >> shift));
            before = bits;
        }
    }
}

void read_bits(Reader& reader, std::vector<Reading>& readings) {
    std::vector<std::uint64_t> bits(readings.size(), 0);
    for (int shift = 0; shift < 64; shift += 8) {
        for (auto& word : bits) word |= static_cast<std::uint64_t>(reader.byte()) << shift;
    }
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < readings.size(); ++i) {
        before ^= bits[i];
        readings[i].value = std::bit_cast<double>(before);
    }
}

/// Writes runs of equal small numbers: (value, length) until all readings are covered.
template <class Field>
void write_runs(Writer& writer, const std::vector<Reading>& readings, Field field) {
    for (std::size_t begin = 0; begin < readings.size();) {
        std::size_t end = begin + 1;
        while (end < readings.size() && field(readings[end]) == field(readings[begin])) ++end;
        writer.number(field(readings[begin]));
        writer.number(end - begin);
        begin = end;
    }
}

/// Reads runs. @return false when they do not cover the readings exactly.
template <class Set>
bool read_runs(Reader& reader, std::vector<Reading>& readings, Set set) {
    for (std::size_t begin = 0; begin < readings.size();) {
        const auto value = reader.number();
        const auto length = reader.number();
        if (reader.failed() || length == 0 || length > readings.size() - begin) return false;
        for (std::size_t i = begin; i < begin + length; ++i) set(readings[i], value);
        begin += length;
    }
    return true;
}

Error damaged(const char* what) {
    return {.code = ErrorCode::io_error, .message = fmt::format("the block is damaged: {}", what)};
}

bool is_ordered(const std::vector<Reading>& readings) {
    for (std::size_t i = 1; i < readings.size(); ++i) {
        if (readings[i].at <= readings[i - 1].at) return false;
    }
    return true;
}

Result<std::vector<Reading>> read_payload(const BlockKey& key, const std::vector<std::uint8_t>& payload) {
    Reader reader(payload);
    if (const int found = reader.byte(); found != format) {
        return Error{.code = ErrorCode::unsupported_version,
                     .message = fmt::format("the block has format {}, this program reads format {}", found, format)};
    }
    if (reader.signed_number() != key.series || reader.signed_number() != to_stored(key.start)) {
        return damaged("it belongs to another series or time");
    }
    const auto count = reader.number();
    if (reader.failed() || count > reader.left()) return damaged("its number of readings is impossible");
    std::vector<Reading> readings(count);
    read_stamps(reader, key.start, readings);
    const auto digits = reader.byte();
    if (digits == as_bits) {
        read_bits(reader, readings);
    } else if (digits <= most_digits) {
        read_decimals(reader, digits, readings);
    } else {
        return damaged("its values are coded in an unknown way");
    }
    const bool runs_fit =
        read_runs(reader, readings, [](Reading& r, std::uint64_t v) { r.revision = static_cast<std::uint16_t>(v); }) &&
        read_runs(reader, readings, [](Reading& r, std::uint64_t v) { r.remark = static_cast<Reason>(v); });
    if (!runs_fit || reader.failed() || !reader.at_end()) return damaged("its columns have different lengths");
    if (!is_ordered(readings)) return damaged("its stamps are out of order");
    return readings;
}

struct FreeCompressor {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

struct BlockCoder::State {
    std::unique_ptr<ZSTD_CCtx, FreeCompressor> compressor{ZSTD_createCCtx()};
    std::unique_ptr<ZSTD_DCtx, FreeDecompressor> decompressor{ZSTD_createDCtx()};
    std::vector<std::uint8_t> payload;
    std::vector<std::byte> compressed;
};

BlockCoder::BlockCoder() : state_(std::make_unique<State>()) {
    if (!state_->compressor || !state_->decompressor) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(state_->compressor.get(), ZSTD_c_compressionLevel, compression_level);
    ZSTD_CCtx_setParameter(state_->compressor.get(), ZSTD_c_checksumFlag, 1);
}
BlockCoder::~BlockCoder() = default;
BlockCoder::BlockCoder(BlockCoder&&) noexcept = default;
BlockCoder& BlockCoder::operator=(BlockCoder&&) noexcept = default;

Bytes BlockCoder::encode(const BlockKey& key, const std::vector<Reading>& readings) {
    auto& [compressor, decompressor, payload, compressed] = *state_;
    Writer writer(payload);
    writer.byte(format);
    writer.signed_number(key.series);
    writer.signed_number(to_stored(key.start));
    writer.number(readings.size());
    write_stamps(writer, key.start, readings);
    const auto digits = digits_of(readings);
    writer.byte(digits);
    if (digits == as_bits) {
        write_bits(writer, readings);
    } else {
        write_decimals(writer, digits, readings);
    }
    write_runs(writer, readings, [](const Reading& r) { return r.revision; });
    write_runs(writer, readings, [](const Reading& r) { return static_cast<std::uint8_t>(r.remark); });

    compressed.resize(ZSTD_compressBound(payload.size()));
    const auto size =
        ZSTD_compress2(compressor.get(), compressed.data(), compressed.size(), payload.data(), payload.size());
    if (ZSTD_isError(size) != 0) throw std::runtime_error(ZSTD_getErrorName(size));
    return Bytes(compressed).first(size);
}

Result<std::vector<Reading>> BlockCoder::decode(const BlockKey& key, Bytes block) {
    auto& payload = state_->payload;
    const auto size = ZSTD_getFrameContentSize(block.data(), block.size());
    // Both markers of zstd for "unknown" are larger than any payload can be.
    if (size > largest_payload) return damaged("its head cannot be read");
    payload.resize(size);
    const auto found =
        ZSTD_decompressDCtx(state_->decompressor.get(), payload.data(), payload.size(), block.data(), block.size());
    if (ZSTD_isError(found) != 0) return damaged(ZSTD_getErrorName(found));
    payload.resize(found);
    return read_payload(key, payload);
}

Duration span_for(Duration step) {
    constexpr std::int64_t wanted_readings = 1000;
    for (const Duration span : {Duration(hours(1)), Duration(hours(24)), Duration(hours(24 * 16))}) {
        if (step * wanted_readings <= span) return span;
    }
    return Duration(hours(24 * 64));
}

Error damaged_block(const std::string& series, Instant start, const Error& problem) {
    return {.code = problem.code,
            .message = problem.message,
            .where = fmt::format("{} @ {}", series, to_string(start)),
            .hint = "run `loadstar doctor --repair` to set the damaged part aside, then import its files again"};
}

Instant span_start(Instant at, Duration span) {
    auto number = at.time_since_epoch() / span;
    if (at.time_since_epoch() % span < Duration(0)) --number;
    return Instant(number * span);
}

}  // namespace loadstar::historian
