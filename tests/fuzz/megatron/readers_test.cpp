// Every reader of Megatron-LM's files against 100,000 damaged inputs: each opens or gives an error that names the file
// and a place in it, none ends the program, and none takes much more memory than the input is large.
// LOADSTAR_FUZZ_INPUTS=<count> changes how many there are.
#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "megatron/bpe_tokenizer.hpp"
#include "megatron/byte_symbols.hpp"
#include "megatron/checkpoint_file.hpp"
#include "megatron/zip_archive.hpp"
#include "support/allocation_meter.hpp"
#include "support/damage.hpp"
#include "support/distributed_specimen.hpp"
#include "support/memory_file.hpp"
#include "support/temporary_folder.hpp"
#include "support/torch_specimens.hpp"

namespace loadstar::megatron {
namespace {

using namespace std::string_literals;
using test_support::AllocationMeter;
using test_support::Damage;
using test_support::MemoryFile;
using test_support::NumbersAre;
using test_support::Parts;
using test_support::raw_bytes;

/// 100,000, or more where it takes more to attack every field.
std::uint64_t inputs_for(const Damage& damage) {
    const auto* const wanted = std::getenv("LOADSTAR_FUZZ_INPUTS");
    return wanted != nullptr ? std::stoull(wanted) : std::max<std::uint64_t>(100'000, 2 * damage.attacks());
}

/// A reader and what it is given.
struct Reader {
    std::string name;
    std::vector<std::string> files;  ///< of one input
    std::vector<test_support::Specimen> specimens;
    std::size_t memory_per_byte = 2;  ///< of the input
    /// Opens the files of a folder and looks at all that they hold. @return whether they opened
    std::function<Result<void>(const std::filesystem::path& folder)> open;
};

constexpr std::size_t constant_memory = std::size_t{4} << 20U;

std::size_t size_of(const Parts& parts) {
    std::size_t bytes = 0;
    for (const auto& part : parts) bytes += part.size();
    return bytes;
}

/// "file @ byte 7", "file:3" or "file:key", of one of the files.
bool names_a_place(const Error& error, const Reader& reader, const std::filesystem::path& folder) {
    return std::ranges::any_of(reader.files, [&](const std::string& file) {
        const auto path = (folder / file).string();
        return error.where.starts_with(path) && error.where.size() > path.size() + 1;
    });
}

struct Counts {
    std::uint64_t opened = 0;
    std::uint64_t refused = 0;
    std::size_t most_memory = 0;
};

/// @return false when a rule is broken: one input tells enough
bool try_input(const Reader& reader, const std::filesystem::path& folder, const Parts& parts, Counts& counts) {
    const AllocationMeter meter;
    const auto result = reader.open(folder);
    const auto memory = AllocationMeter::peak();
    counts.most_memory = std::max(counts.most_memory, memory);
    (result ? counts.opened : counts.refused) += 1;
    EXPECT_LE(memory, reader.memory_per_byte * size_of(parts) + constant_memory);
    if (!result) {
        EXPECT_FALSE(result.error().message.empty());
        EXPECT_TRUE(names_a_place(result.error(), reader, folder)) << to_string(result.error());
    }
    return !testing::Test::HasFailure();
}

void fuzz(const Reader& reader) {
    const TemporaryFolder folder;
    std::vector<std::unique_ptr<MemoryFile>> files;
    for (const auto& name : reader.files) files.push_back(std::make_unique<MemoryFile>(folder.path() / name));
    const auto give = [&](const Parts& parts) {
        for (std::size_t part = 0; part < parts.size(); ++part) files[part]->set(parts[part]);
    };
    for (const auto& specimen : reader.specimens) {
        give(specimen.parts);
        const auto opened = reader.open(folder.path());
        ASSERT_TRUE(opened) << to_string(opened.error());
    }
    const Damage damage(reader.specimens);
    const auto inputs = inputs_for(damage);
    Counts counts;
    const auto start = std::chrono::steady_clock::now();
    for (std::uint64_t number = 0; number < inputs; ++number) {
        const auto parts = damage.input(number);
        give(parts);
        ASSERT_TRUE(try_input(reader, folder.path(), parts, counts)) << "input " << number;
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::cout << reader.name << ": " << inputs << " inputs (" << std::min(inputs / 2, damage.attacks()) << " of "
              << damage.attacks() << " attacks on fields), " << counts.opened << " opened, " << counts.refused
              << " refused, most memory " << counts.most_memory << " bytes, " << seconds.count() << " s\n";
    EXPECT_GT(counts.opened, 0U);  // else nothing behind the first check was tried
    EXPECT_GT(counts.refused, inputs / 3);
}

test_support::Specimen binary(std::string bytes) { return {{std::move(bytes)}, {NumbersAre::binary}}; }

/// Looks at every byte, so that a stretch that leaves its file would end the program.
void look_at(std::span<const std::byte> bytes) {
    unsigned char sum = 0;
    for (const auto byte : bytes) sum ^= static_cast<unsigned char>(byte);
    static volatile unsigned char seen;
    seen = seen ^ sum;
}

Result<void> look_at_weights(const std::filesystem::path& file) {
    LOADSTAR_TRY(const auto opened, CheckpointFile::open(file));
    for (const auto& named : opened.tensors()) {
        LOADSTAR_TRY(const auto loaded, opened.load(named));
        const auto& tensor = loaded.tensor;
        look_at(tensor.bytes);
        const auto bytes = contiguous_bytes(tensor);
        EXPECT_EQ(bytes.size(), static_cast<std::size_t>(tensor.elements()) * bytes_of(tensor.type));
    }
    (void)opened.verify();  // most inputs do not match their checksums, and may still be looked at
    return {};
}

template <class Read>
Result<void> look_at_bytes(const std::filesystem::path& file, Read read) {
    LOADSTAR_TRY(const auto mapped, MappedFile::open(file));
    LOADSTAR_CHECK(read_or_error(file, [&] {
        read(mapped.bytes());
        return 0;
    }));
    return {};
}

TEST(Fuzz, PicklesAlone) {
    // Frames, texts, a set, a tuple, long numbers, a class by its name from the stack, keywords and a state.
    const auto newest =
        "\x80\x04\x95\x40\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x01k\x94("
        "K\x01M\x02\x00J\x03\x00\x00\x00\x8a\x02\x04\x00"
        "\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01G?\xf0\x00\x00\x00\x00\x00\x00\x88\x89Nt\x94\x8c\x01s\x8f\x94("
        "h\x01"
        "\x90\x8c\x01o\x8c\x01m\x8c\x01n\x93)}\x92}\x8c\x01x\x43\x02yzsb\x8c\x01l]\x94(K\x01h\x02"
        "e\x8c\x01\x62\x8e\x03\x00\x00\x00\x00\x00\x00\x00"
        "abcu."s;
    const auto system_call =
        "\x80\x02"
        "cos\nsystem\nX\x08\x00\x00\x00rm -rf /\x85R."s;
    fuzz({.name = "pickle",
          .files = {"fuzz.pkl"},
          .specimens = {binary(test_support::tensor_pickle()), binary(newest), binary(system_call)},
          .open = [](const std::filesystem::path& folder) {
              return look_at_bytes(folder / "fuzz.pkl", [](std::span<const std::byte> bytes) {
                  auto budget = MemoryBudget::of_file(bytes.size());
                  ByteReader reader(bytes);
                  (void)Pickle::read(reader, budget);
              });
          }});
}

TEST(Fuzz, ZipArchives) {
    const TemporaryFolder folder;
    const auto archive = test_support::torch_zip(folder.path());
    fuzz({.name = "zip archive",
          .files = {"fuzz.zip"},
          .specimens = {binary(archive), binary(test_support::with_zip64_end(archive))},
          .open = [](const std::filesystem::path& folder_of_input) {
              return look_at_bytes(folder_of_input / "fuzz.zip", [](std::span<const std::byte> bytes) {
                  auto budget = MemoryBudget::of_file(bytes.size());
                  const auto opened = ZipArchive::read(ByteReader(bytes), budget);
                  for (const auto& [name, record] : opened.records()) look_at(record.bytes);
              });
          }});
}

TEST(Fuzz, TorchFiles) {
    const TemporaryFolder folder;
    fuzz({.name = "torch zip",
          .files = {"fuzz.pt"},
          .specimens = {binary(test_support::torch_zip(folder.path()))},
          .open = [](const std::filesystem::path& at) { return look_at_weights(at / "fuzz.pt"); }});
}

TEST(Fuzz, TorchFilesOfBeforeZip) {
    fuzz({.name = "torch before 1.6",
          .files = {"fuzz.pt"},
          .specimens = {binary(test_support::torch_before_zip())},
          .open = [](const std::filesystem::path& at) { return look_at_weights(at / "fuzz.pt"); }});
}

TEST(Fuzz, Safetensors) {
    const auto whole = test_support::safetensors();
    fuzz({.name = "safetensors",
          .files = {"fuzz.safetensors"},
          .specimens = {binary(whole), {{whole}, {NumbersAre::decimal}}},
          .open = [](const std::filesystem::path& at) { return look_at_weights(at / "fuzz.safetensors"); }});
}

TEST(Fuzz, DistributedCheckpoints) {
    const TemporaryFolder folder;
    test_support::DistributedWriter writer(folder.path());
    const std::vector<float> numbers(8, 1.5F);
    const auto row = contiguous_view(ScalarType::f32, {1, 2}, std::as_bytes(std::span(numbers).first(2)));
    for (const std::int64_t half : {0, 2}) writer.add_chunk("decoder.layers.mlp.weight", {0, half}, row);
    writer.add_object("common_state/shard_0_1", test_support::torch_before_zip());
    writer.finish({{"decoder.layers.mlp.weight", {1, 4}}});
    fuzz({.name = "torch distributed",
          .files = {".metadata", "__0_0.distcp"},
          .specimens = {{{test_support::bytes_of(folder.path() / ".metadata"),
                          test_support::bytes_of(folder.path() / "__0_0.distcp")},
                         {NumbersAre::binary, NumbersAre::decimal}}},
          .open = [](const std::filesystem::path& at) { return look_at_weights(at / ".metadata"); }});
}

/// Reads every token. @return the errors of opening
Result<void> look_at_dataset(const std::filesystem::path& prefix) {
    LOADSTAR_TRY(const auto dataset, IndexedDataset::open(prefix));
    for (std::int64_t i = 0; i < dataset.sequences(); ++i) {
        std::vector<double> numbers(static_cast<std::size_t>(dataset.length(i)));
        dataset.read(i, 0, std::span(numbers));
    }
    for (std::int64_t i = 0; i < dataset.documents(); ++i) EXPECT_LE(dataset.document(i).end, dataset.sequences());
    return {};
}

TEST(Fuzz, IndexedDatasets) {
    const TemporaryFolder folder;
    std::vector<test_support::Specimen> specimens;
    for (const auto modes : {SequenceModes::absent, SequenceModes::present}) {
        auto writer = IndexedDatasetWriter::create(folder.path() / "whole", TokenType::uint16, modes).value();
        const std::vector<std::int64_t> tokens{1, 2, 3, 500};
        for (int item = 0; item < 3; ++item) {
            ASSERT_TRUE(writer.add_item(tokens, 1));
            writer.end_document();
        }
        ASSERT_TRUE(writer.finish());
        specimens.push_back(
            {{test_support::bytes_of(folder.path() / "whole.idx"), test_support::bytes_of(folder.path() / "whole.bin")},
             {NumbersAre::binary, NumbersAre::binary}});
    }
    fuzz({.name = "idx and bin",
          .files = {"fuzz.idx", "fuzz.bin"},
          .specimens = std::move(specimens),
          .memory_per_byte = 8,  // of the numbers that this test reads: a byte becomes a double
          .open = [](const std::filesystem::path& at) { return look_at_dataset(at / "fuzz"); }});
}

TEST(Fuzz, GptTwoTokenizers) {
    std::string vocabulary = "{";
    for (int byte = 0; byte < 256; ++byte) {
        auto symbol = symbol_of(static_cast<unsigned char>(byte));
        if (symbol == "\"" || symbol == "\\") symbol.insert(0, 1, '\\');
        vocabulary += "\"" + symbol + "\":" + std::to_string(byte) + ",";
    }
    vocabulary += R"("ab":256,"abc":257,"<|endoftext|>":258})";
    fuzz({.name = "vocab.json and merges.txt",
          .files = {"vocab.json", "merges.txt"},
          .specimens = {{{vocabulary, "#version: 0.2\na b\nab c\n"}, {NumbersAre::decimal, NumbersAre::binary}}},
          .memory_per_byte = 64,  // no file of weights: even "a":0 becomes several objects
          .open = [](const std::filesystem::path& at) -> Result<void> {
              LOADSTAR_TRY(const auto opened, BpeTokenizer::open(at / "vocab.json", at / "merges.txt"));
              const auto text = "abc \xff\xe5\xb7\xa5 12"s;
              EXPECT_EQ(opened.decode(opened.encode(text)).value(), text);
              return {};
          }});
}

std::string repeated(const std::string& piece, std::size_t bytes) {
    std::string text;
    text.reserve(bytes + piece.size());
    while (text.size() < bytes) text += piece;
    return text;
}

std::string with_header_length(const std::string& header) { return raw_bytes(std::uint64_t{header.size()}) + header; }

/// A directory of records that are all the same one.
std::string archive_of_shadows(std::size_t bytes) {
    const auto local = "PK\x03\x04" + std::string(26, '\0');
    auto directory = std::string();
    std::uint64_t count = 0;
    for (; directory.size() < bytes; ++count) {
        const auto name = std::to_string(count);
        directory += "PK\x01\x02" + std::string(24, '\0') + raw_bytes(static_cast<std::uint16_t>(name.size())) +
                     std::string(16, '\0') + name;
    }
    const auto plain_end = "PK\x05\x06" + std::string(4, '\0') + raw_bytes(std::uint32_t{0}) +
                           raw_bytes(static_cast<std::uint32_t>(directory.size())) +
                           raw_bytes(static_cast<std::uint32_t>(local.size())) + std::string(2, '\0');
    auto whole = test_support::with_zip64_end(local + directory + plain_end);
    const auto end64 = whole.rfind("PK\x06\x06");
    return whole.replace(end64 + 24, 16, raw_bytes(count) + raw_bytes(count));
}

// A few bytes that ask for many objects, in files large enough that no constant hides what they cost.
TEST(Fuzz, BombsTakeNoMoreThanTwiceTheirFile) {
    constexpr std::size_t large = std::size_t{12} << 20U;
    constexpr std::size_t part = large / 6;  // of a file whose rest are weights
    const std::string rest(large - part, 'x');
    const auto name = repeated("n", 1000);
    const auto key = "X" + raw_bytes(static_cast<std::uint32_t>(name.size())) + name + "q\x01";
    const auto file_of = [](const std::string& object) { return test_support::torch_before_zip(object, "\x80\x02]."); };
    const std::vector<std::pair<std::string, std::string>> bombs{
        {"lists.pt", file_of("\x80\x02" + repeated("]", large) + ".")},
        {"marks.pt", file_of("\x80\x02" + repeated("(", large) + ".")},
        {"recalled.pt", file_of("\x80\x02]q\x00"s + repeated("h\x00"s, large) + ".")},
        {"appended.pt", file_of("\x80\x02]q\x00"s + repeated("h\x00"s + "a", large) + ".")},
        {"kept.pt", file_of("\x80\x04]" + repeated("\x94", large) + ".")},
        {"nested.pt",
         file_of("\x80\x02}q\x00"s + key + repeated("}h\x01", large) + "N" + repeated("s", large / 3) + ".")},
        {"in_itself.pt", file_of("\x80\x02}q\x00"s + key + "h\x00"s + "s.") + std::string(large, 'x')},
        {"shadows.pt", archive_of_shadows(large)},
        {"levels.safetensors", with_header_length(repeated("[", part)) + rest},
        {"objects.safetensors", with_header_length(repeated("{\"a\":", part)) + rest},
        {"sizes.safetensors", with_header_length("{\"a\":{\"shape\":[" + repeated("1,", part) + "1]}}") + rest},
        {"name.safetensors", with_header_length("{\"" + repeated("a", large) + "\":1}")},
    };
    const TemporaryFolder folder;
    for (const auto& [file, bytes] : bombs) {
        const auto path = folder.write(file, bytes);
        const AllocationMeter meter;
        const auto opened = CheckpointFile::open(path);
        EXPECT_LE(AllocationMeter::peak(), 2 * bytes.size()) << file;
        ASSERT_FALSE(opened) << file;
        EXPECT_THAT(opened.error().where, testing::HasSubstr(file + " @ byte "));
    }
}

}  // namespace
}  // namespace loadstar::megatron
