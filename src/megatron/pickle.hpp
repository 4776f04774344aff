#pragma once
// Python pickles as data. Nothing is ever executed: what a pickle would call is kept by name, with its arguments.

#include <cstdint>
#include <deque>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "megatron/memory_budget.hpp"

namespace loadstar::megatron {

/// One Python object of a pickle. Pointers and texts belong to the Pickle and the bytes it was read from; objects may
/// be shared, and may even hold themselves.
struct PickleValue {
    enum class Kind {
        none,
        boolean,
        integer,
        long_integer,  ///< does not fit 64 bits; its little-endian bytes stand in `text`
        number,
        text,
        bytes,
        list,
        tuple,
        set,
        dict,
        global,     ///< a class or function by its name
        object,     ///< what calling `callable` with `arguments` would give
        persistent  ///< an object that lies outside the pickle; `arguments` is how it is named
    };
    Kind kind = Kind::none;
    std::size_t offset = 0;    ///< in the file, of the opcode that made it
    std::int64_t integer = 0;  ///< of booleans too
    double number = 0;
    std::string_view text{};  ///< of a global: its module
    std::string_view name{};  ///< of a global
    const PickleValue* callable = nullptr;
    const PickleValue* arguments = nullptr;
    const PickleValue* state = nullptr;  ///< of an object: what it would be given to set itself up
    std::vector<const PickleValue*> items{};
    std::vector<std::pair<const PickleValue*, const PickleValue*>> entries{};  ///< of a dict, or set on an object

    [[nodiscard]] bool is(Kind wanted) const { return kind == wanted; }
    [[nodiscard]] bool is_global(std::string_view module, std::string_view wanted) const {
        return kind == Kind::global && text == module && name == wanted;
    }
    /// A dict, or an object that is one by another name (OrderedDict).
    [[nodiscard]] bool is_dict() const;
    /// Value of a text key; nullptr when there is none.
    [[nodiscard]] const PickleValue* find(std::string_view key) const;
};

/// Everything that one pickle describes.
class Pickle {
  public:
    /// Reads one pickle of protocol 2 to 5 and leaves the reader behind it; what it holds points into the bytes of the
    /// reader. Opcodes of protocols 0 and 1 that spell values in lines of text are refused: PyTorch never wrote them.
    /// Throws FormatProblem.
    static Pickle read(ByteReader& reader, MemoryBudget& budget);

    [[nodiscard]] const PickleValue& root() const { return *root_; }
    /// Every object, in the order in which they were made.
    [[nodiscard]] const std::deque<PickleValue>& values() const { return values_; }

  private:
    friend class PickleMachine;
    std::deque<PickleValue> values_;
    const PickleValue* root_ = nullptr;
};

}  // namespace loadstar::megatron
