#include "megatron/pickle.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <unordered_map>

namespace loadstar::megatron {

using Kind = PickleValue::Kind;

bool PickleValue::is_dict() const {
    return kind == Kind::dict || (kind == Kind::object && callable->is_global("collections", "OrderedDict"));
}

const PickleValue* PickleValue::find(std::string_view key) const {
    for (const auto& [name_of_entry, value] : entries) {
        if (name_of_entry->kind == Kind::text && name_of_entry->text == key) return value;
    }
    return nullptr;
}

/// The stack machine that a pickle is a program for. Source: PEP 307, PEP 3154 and PEP 574; the opcodes as Python's
/// pickletools documents them.
class PickleMachine {
  public:
    PickleMachine(ByteReader& reader, MemoryBudget& budget) : reader_(reader), budget_(budget) {}

    Pickle run() {
        while (true) {
            opcode_at_ = reader_.offset();
            const auto opcode = reader_.read<std::uint8_t>();
            if (opcode == '.') break;
            if (!constant(opcode) && !text_or_bytes(opcode) && !container(opcode) && !memo(opcode) && !object(opcode))
                fail(fmt::format("opcode 0x{:02x} is unknown, or of a protocol before 2", opcode));
        }
        result_.root_ = pop();
        return std::move(result_);
    }

  private:
    [[noreturn]] void fail(const std::string& what) const { throw FormatProblem(opcode_at_, "in a pickle: " + what); }

    void spend(std::size_t bytes) { budget_.spend(bytes, opcode_at_); }
    PickleValue* make(Kind kind) {
        spend(sizeof(PickleValue));
        auto& made = result_.values_.emplace_back();
        made.kind = kind;
        made.offset = opcode_at_;
        return &made;
    }
    void push(PickleValue* value) {
        spend(sizeof(value));
        stack_.push_back(value);
    }
    PickleValue* push_new(Kind kind) {
        push(make(kind));
        return stack_.back();
    }
    PickleValue* pop() {
        if (stack_.empty() || (!marks_.empty() && stack_.size() == marks_.back())) fail("it takes from an empty stack");
        auto* value = stack_.back();
        stack_.pop_back();
        budget_.give_back(sizeof(value));
        return value;
    }
    PickleValue* top() {
        auto* value = pop();
        push(value);
        return value;
    }
    /// What was pushed since the last mark.
    std::vector<PickleValue*> pop_to_mark() {
        if (marks_.empty()) fail("it asks for a mark that was never set");
        std::vector<PickleValue*> values(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), stack_.end());
        stack_.resize(marks_.back());
        budget_.give_back(values.size() * sizeof(PickleValue*));
        marks_.pop_back();
        return values;
    }

    void push_integer(std::int64_t value, Kind kind = Kind::integer) { push_new(kind)->integer = value; }

    /// A two's complement number of any length.
    void push_long(std::uint64_t length) {
        const auto digits = reader_.text(length);
        if (digits.size() > sizeof(std::int64_t)) {
            push_new(Kind::long_integer)->text = digits;
            return;
        }
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < digits.size(); ++i)
            value |= static_cast<std::uint64_t>(static_cast<unsigned char>(digits[i])) << (8 * i);
        const bool negative = !digits.empty() && (static_cast<unsigned char>(digits.back()) & 0x80U) != 0;
        if (negative && digits.size() < sizeof(value)) value |= ~std::uint64_t{0} << (8 * digits.size());
        push_integer(static_cast<std::int64_t>(value));
    }
    /// A double, the one number that stands in network byte order.
    void push_double() {
        auto bits = reader_.read<std::uint64_t>();
        std::uint64_t turned = 0;
        for (int i = 0; i < 8; ++i, bits >>= 8U) turned = (turned << 8U) | (bits & 0xffU);
        push_new(Kind::number)->number = std::bit_cast<double>(turned);
    }

    bool constant(std::uint8_t opcode) {
        switch (opcode) {
            case 0x80: check_protocol(reader_.read<std::uint8_t>()); return true;
            case 0x95: reader_.read<std::uint64_t>(); return true;  // a frame: how much to read ahead
            case 'N': push_new(Kind::none); return true;
            case 0x88: push_integer(1, Kind::boolean); return true;
            case 0x89: push_integer(0, Kind::boolean); return true;
            case 'J': push_integer(reader_.read<std::int32_t>()); return true;
            case 'K': push_integer(reader_.read<std::uint8_t>()); return true;
            case 'M': push_integer(reader_.read<std::uint16_t>()); return true;
            case 0x8a: push_long(reader_.read<std::uint8_t>()); return true;
            case 0x8b: push_long(reader_.read<std::uint32_t>()); return true;
            case 'G': push_double(); return true;
            default: return false;
        }
    }
    void check_protocol(int protocol) const {
        if (protocol < 2 || protocol > 5) fail(fmt::format("expected protocol 2 to 5, found {}", protocol));
    }

    bool text_or_bytes(std::uint8_t opcode) {
        switch (opcode) {
            case 'X': push_text(Kind::text, reader_.read<std::uint32_t>()); return true;
            case 0x8c: push_text(Kind::text, reader_.read<std::uint8_t>()); return true;
            case 0x8d: push_text(Kind::text, reader_.read<std::uint64_t>()); return true;
            case 'T': push_text(Kind::bytes, reader_.read<std::uint32_t>()); return true;  // str of Python 2
            case 'U': push_text(Kind::bytes, reader_.read<std::uint8_t>()); return true;
            case 'B': push_text(Kind::bytes, reader_.read<std::uint32_t>()); return true;
            case 'C': push_text(Kind::bytes, reader_.read<std::uint8_t>()); return true;
            case 0x8e:
            case 0x96: push_text(Kind::bytes, reader_.read<std::uint64_t>()); return true;
            default: return false;
        }
    }
    void push_text(Kind kind, std::uint64_t length) { push_new(kind)->text = reader_.text(length); }

    bool container(std::uint8_t opcode) {
        switch (opcode) {
            case '(': push_mark(); return true;
            case '0': pop(); return true;
            case '1': pop_to_mark(); return true;
            case '2': push(top()); return true;
            case ']': push_new(Kind::list); return true;
            case ')': push_new(Kind::tuple); return true;
            case '}': push_new(Kind::dict); return true;
            case 0x8f: push_new(Kind::set); return true;
            case 't': collect(Kind::tuple, pop_to_mark()); return true;
            case 'l': collect(Kind::list, pop_to_mark()); return true;
            case 0x91: collect(Kind::set, pop_to_mark()); return true;
            case 0x85: collect_last(1); return true;
            case 0x86: collect_last(2); return true;
            case 0x87: collect_last(3); return true;
            case 'a': append({pop()}); return true;
            case 'e':
            case 0x90: append(pop_to_mark()); return true;
            case 's': set_item(); return true;
            case 'u': set_items(pop_to_mark()); return true;
            default: return false;
        }
    }
    void push_mark() {
        spend(sizeof(std::size_t));
        marks_.push_back(stack_.size());
    }
    void collect(Kind kind, const std::vector<PickleValue*>& values) {
        spend(values.size() * sizeof(PickleValue*));
        push_new(kind)->items.assign(values.begin(), values.end());
    }
    void collect_last(int count) {
        std::vector<PickleValue*> values;
        for (int i = 0; i < count; ++i) values.push_back(pop());
        std::reverse(values.begin(), values.end());
        collect(Kind::tuple, values);
    }
    void append(const std::vector<PickleValue*>& values) {
        auto* target = top();
        if (!target->is(Kind::list) && !target->is(Kind::set) && !target->is(Kind::object))
            fail("it appends to something that is no list");
        spend(2 * values.size() * sizeof(PickleValue*));  // vectors grow by doubling
        target->items.insert(target->items.end(), values.begin(), values.end());
    }
    void set_item() {
        auto* value = pop();
        auto* key = pop();
        set_items({key, value});
    }
    void set_items(const std::vector<PickleValue*>& values) {
        auto* target = top();
        if (!target->is(Kind::dict) && !target->is(Kind::object)) fail("it sets an entry of something that is no dict");
        if (values.size() % 2 != 0) fail("a key has no value");
        spend(2 * values.size() * sizeof(PickleValue*));
        for (std::size_t i = 0; i < values.size(); i += 2) target->entries.emplace_back(values[i], values[i + 1]);
    }

    bool memo(std::uint8_t opcode) {
        switch (opcode) {
            case 'q': remember(reader_.read<std::uint8_t>()); return true;
            case 'r': remember(reader_.read<std::uint32_t>()); return true;
            case 0x94: remember(memo_.size()); return true;
            case 'h': recall(reader_.read<std::uint8_t>()); return true;
            case 'j': recall(reader_.read<std::uint32_t>()); return true;
            default: return false;
        }
    }
    void remember(std::uint64_t index) {
        constexpr std::size_t entry_bytes = 64;  // of a hash map, about
        spend(entry_bytes);
        memo_[index] = top();
    }
    void recall(std::uint64_t index) {
        const auto found = memo_.find(index);
        if (found == memo_.end()) fail(fmt::format("it recalls object {}, which was never kept", index));
        push(found->second);
    }

    bool object(std::uint8_t opcode) {
        switch (opcode) {
            case 'c': push_global(); return true;
            case 0x93: push_stack_global(); return true;
            case 'R':
            case 0x81: call(pop()); return true;
            case 0x92: call_with_keywords(); return true;
            case 'b': build(); return true;
            case 'Q': push_persistent(); return true;
            default: return false;
        }
    }
    void push_global() {
        const auto module = reader_.line();
        const auto name = reader_.line();
        auto* global = push_new(Kind::global);
        global->text = module;
        global->name = name;
    }
    void push_stack_global() {
        const auto* name = pop();
        const auto* module = pop();
        if (!name->is(Kind::text) || !module->is(Kind::text)) fail("a class is named by something that is no text");
        auto* global = push_new(Kind::global);
        global->text = module->text;
        global->name = name->text;
    }
    void call(const PickleValue* arguments) {
        const auto* callable = pop();
        if (!arguments->is(Kind::tuple)) fail("the arguments of a call are no tuple");
        auto* made = push_new(Kind::object);
        made->callable = callable;
        made->arguments = arguments;
    }
    void call_with_keywords() {
        const auto* keywords = pop();
        if (!keywords->is(Kind::dict)) fail("the keywords of a call are no dict");
        call(pop());
        stack_.back()->state = keywords;
    }
    void build() {
        const auto* state = pop();
        auto* target = top();
        if (target->is(Kind::object)) target->state = state;
    }
    void push_persistent() {
        const auto* id = pop();
        push_new(Kind::persistent)->arguments = id;
    }

    ByteReader& reader_;
    MemoryBudget& budget_;
    std::size_t opcode_at_ = 0;
    Pickle result_;
    std::deque<PickleValue*> stack_;  // grows without a second copy of itself
    std::deque<std::size_t> marks_;
    std::unordered_map<std::uint64_t, PickleValue*> memo_;
};

Pickle Pickle::read(ByteReader& reader, MemoryBudget& budget) { return PickleMachine(reader, budget).run(); }

}  // namespace loadstar::megatron
