#pragma once
// Small files of every container that holds weights, for tests that damage them.

#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "megatron/torch_writer.hpp"
#include "support/token_documents.hpp"

namespace loadstar::test_support {

template <class Number>
std::string raw_bytes(Number number) {
    return {reinterpret_cast<const char*>(&number), sizeof(number)};
}

/// A checkpoint in a ZIP archive: two weights over the same bytes, one transposed, and plain values.
inline std::string torch_zip(const std::filesystem::path& folder) {
    using megatron::SaveValue;
    std::vector<float> values(12);
    std::iota(values.begin(), values.end(), 0.0F);
    const auto matrix = megatron::contiguous_view(megatron::ScalarType::f32, {3, 4}, std::as_bytes(std::span(values)));
    auto transposed = matrix;
    transposed.shape = {4, 3};
    transposed.strides = {1, 4};
    const SaveValue::Dict weights{{"a.weight", {matrix}}, {"b.weight", {matrix}}, {"c.weight", {transposed}}};
    const SaveValue::Dict root{{"model", {weights}},
                               {"iteration", {std::int64_t{10}}},
                               {"checkpoint_version", {3.0}},
                               {"large", {std::int64_t{1} << 40}},
                               {"name", {std::string("Werk")}}};
    if (!megatron::write_torch_file(folder / "whole.pt", {root})) throw std::runtime_error("cannot write a file");
    return bytes_of(folder / "whole.pt");
}

/// The same archive with the end record of large ones.
inline std::string with_zip64_end(const std::string& archive) {
    constexpr std::size_t end_size = 22;
    const auto end = archive.size() - end_size;
    const auto number = [&](std::size_t at, std::size_t bytes) {
        std::uint64_t value = 0;
        archive.copy(reinterpret_cast<char*>(&value), bytes, end + at);
        return value;
    };
    const auto entries = number(10, 2), size = number(12, 4), offset = number(16, 4);
    return archive.substr(0, end) + "PK\x06\x06" + raw_bytes(std::uint64_t{44}) + std::string(12, '\0') +
           raw_bytes(entries) + raw_bytes(entries) + raw_bytes(size) + raw_bytes(offset) + "PK\x06\x07" +
           std::string(4, '\0') + raw_bytes(std::uint64_t{end}) + raw_bytes(std::uint32_t{1}) + "PK\x05\x06" +
           std::string(4, '\0') + std::string(12, '\xff') + std::string(2, '\0');
}

/// A pickle as torch.save makes it: {"model": {"w": float32 [2, 3] in storage "0"}}.
inline std::string tensor_pickle() {
    using namespace std::string_literals;
    const auto text = [](const std::string& of) { return "X" + raw_bytes(static_cast<std::uint32_t>(of.size())) + of; };
    return "\x80\x02}q\x00"s + text("model") + "}q\x01" + text("w") + "ctorch._utils\n_rebuild_tensor_v2\n((" +
           text("storage") + "ctorch\nFloatStorage\n" + text("0") + text("cpu") +
           "K\x06tQK\x00K\x02K\x03\x86K\x03K\x01\x86\x89"
           "ccollections\nOrderedDict\n)RtRss."s;
}

/// The container of before PyTorch 1.6: magic, version, machine, object and keys as pickles, then the storages.
inline std::string torch_before_zip(const std::string& object, const std::string& keys) {
    using namespace std::string_literals;
    const auto magic = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."s;
    const auto version = "\x80\x02M\xe9\x03."s;
    const auto machine = "\x80\x02}q\x00X\x0d\x00\x00\x00little_endian\x88s."s;
    return magic + version + machine + object + keys;
}
inline std::string torch_before_zip() {
    using namespace std::string_literals;
    const auto keys =
        "\x80\x02]q\x00X\x01\x00\x00\x00"
        "0a."s;
    return torch_before_zip(tensor_pickle(), keys) + raw_bytes(std::int64_t{6}) + std::string(24, '\x3f');
}

/// Two tensors and metadata.
inline std::string safetensors() {
    const std::string header =
        R"({"__metadata__":{"format":"pt"},"a.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
        R"("b.bias":{"dtype":"I64","shape":[1],"data_offsets":[24,32]}}  )";
    return raw_bytes(std::uint64_t{header.size()}) + header + std::string(32, '\x3f');
}

}  // namespace loadstar::test_support
