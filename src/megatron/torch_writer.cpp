#include "megatron/torch_writer.hpp"

#include <bit>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "base/new_file.hpp"
#include "megatron/zip_writer.hpp"

namespace loadstar::megatron {
namespace {

/// The pickle of a value, and the storages that it names "0", "1", ...
/// Source: the opcodes of protocol 2 as Python's pickletools documents them; torch.save of PyTorch 1.13.
class Pickler {
  public:
    void write(const SaveValue& value) {
        std::visit([this](const auto& held) { put(held); }, value.value);
    }
    [[nodiscard]] std::string pickle() const { return "\x80\x02" + bytes_ + "."; }
    [[nodiscard]] const std::vector<TensorView>& storages() const { return storages_; }

  private:
    template <class Number>
    void raw(Number number) {
        bytes_.append(reinterpret_cast<const char*>(&number), sizeof(number));
    }
    void global(std::string_view module, std::string_view name) { bytes_ += fmt::format("c{}\n{}\n", module, name); }

    void put(std::nullptr_t) { bytes_ += 'N'; }
    void put(bool truth) { bytes_ += truth ? '\x88' : '\x89'; }
    void put(std::int64_t number) {
        if (number >= std::numeric_limits<std::int32_t>::min() && number <= std::numeric_limits<std::int32_t>::max()) {
            bytes_ += 'J';
            raw(static_cast<std::int32_t>(number));
        } else {
            bytes_ += "\x8a\x08";
            raw(number);
        }
    }
    void put(double number) {
        bytes_ += 'G';
        auto bits = std::bit_cast<std::uint64_t>(number);
        for (int shift = 56; shift >= 0; shift -= 8) bytes_ += static_cast<char>((bits >> shift) & 0xffU);
    }
    void put(std::string_view text) {
        bytes_ += 'X';
        raw(static_cast<std::uint32_t>(text.size()));
        bytes_ += text;
    }
    void put(const std::string& text) { put(std::string_view(text)); }
    void put(const SaveValue::Dict& dict) {
        bytes_ += '}';
        if (dict.empty()) return;
        bytes_ += '(';
        for (const auto& [key, value] : dict) {
            std::visit([this](const auto& held) { put(held); }, key);
            write(value);
        }
        bytes_ += 'u';
    }
    void put(const SaveValue::List& list) {
        bytes_ += ']';
        if (list.empty()) return;
        bytes_ += '(';
        for (const auto& value : list) write(value);
        bytes_ += 'e';
    }
    void put_sizes(const std::vector<std::int64_t>& sizes) {
        bytes_ += '(';
        for (const auto size : sizes) put(size);
        bytes_ += 't';
    }
    void put(const TensorView& tensor) {
        global("torch._utils", "_rebuild_tensor_v2");
        bytes_ += "((";
        put(std::string_view("storage"));
        global("torch", names_of(tensor.type).storage);
        put(std::to_string(storage_of(tensor)));
        put(std::string_view("cpu"));
        put(tensor.elements());
        bytes_ += "tQ";
        put(std::int64_t{0});
        put_sizes(tensor.shape);
        put_sizes(contiguous_strides(tensor.shape));
        put(false);
        global("collections", "OrderedDict");
        bytes_ += ")RtR";
    }
    /// Number of the storage that holds a tensor: of the one before it when both lie over the same bytes.
    std::size_t storage_of(const TensorView& tensor) {
        if (tensor.is_contiguous() && !tensor.bytes.empty()) {
            const auto [found, is_new] = places_.emplace(tensor.bytes.data(), storages_.size());
            const auto& known = is_new ? tensor : storages_[found->second];
            if (!is_new && known.bytes.size() == tensor.bytes.size() && known.type == tensor.type) return found->second;
        }
        storages_.push_back(tensor);
        return storages_.size() - 1;
    }

    std::string bytes_;
    std::vector<TensorView> storages_;
    std::map<const std::byte*, std::size_t> places_;
};

Result<void> write_storage(ZipWriter& archive, const std::string& name, const TensorView& tensor) {
    if (tensor.is_contiguous()) return archive.add(name, tensor.bytes);
    return archive.add(name, contiguous_bytes(tensor));
}

std::span<const std::byte> bytes_of_text(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace

Result<void> write_torch_file(const std::filesystem::path& file, const SaveValue& root) {
    NoProgress silent;
    return write_torch_file(file, root, silent);
}

Result<void> write_torch_file(const std::filesystem::path& file, const SaveValue& root, Progress& progress) {
    Pickler pickler;
    pickler.write(root);
    LOADSTAR_TRY(auto written, NewFile::create(file));
    ZipWriter archive(written);
    LOADSTAR_CHECK(archive.add("archive/data.pkl", bytes_of_text(pickler.pickle())));
    LOADSTAR_CHECK(archive.add("archive/byteorder", bytes_of_text("little")));
    const auto count = pickler.storages().size();
    for (std::size_t i = 0; i < count; ++i) {
        progress.report("write", static_cast<std::int64_t>(i), static_cast<std::int64_t>(count));
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped; nothing was written"};
        LOADSTAR_CHECK(write_storage(archive, fmt::format("archive/data/{}", i), pickler.storages()[i]));
    }
    LOADSTAR_CHECK(archive.add("archive/version", bytes_of_text("3\n")));
    LOADSTAR_CHECK(archive.finish());
    return written.publish();
}

}  // namespace loadstar::megatron
