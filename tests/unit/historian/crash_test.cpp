// A process that imports is killed at any moment: what it had acknowledged is there exactly once, nothing half.

#include <chrono>
#include <csignal>
#include <random>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "historian/historian.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::historian {
namespace {

constexpr Instant start(hours(24 * 17600));
constexpr int readings_per_batch = 25;
const SeriesInfo furnace{.id = "furnace", .kind = SeriesKind::interval_energy, .unit = "kWh", .step = minutes(15)};

/// The whole series as a function of the slot, so that the stored readings can be checked without a copy of them.
Reading reading_of(std::int64_t slot) {
    return {.at = start + slot * minutes(15), .value = static_cast<double>(slot) / 7};
}

ReadingBatch batch_from(std::int64_t slot) {
    ReadingBatch batch{.info = furnace};
    for (int i = 0; i < readings_per_batch; ++i) batch.readings.push_back(reading_of(slot + i));
    return batch;
}

/// Imports batch after batch without end and reports after each commit how many readings are acknowledged in all.
[[noreturn]] void import_until_killed(const std::filesystem::path& path, std::int64_t slot, int reports) {
    auto historian = Historian::open(path, OpenMode::write, start);
    if (!historian) _exit(1);
    auto import = historian->begin_import({.file = "meter.csv", .digest = "", .started_at = start});
    if (!import) _exit(2);
    const auto before = slot;
    for (;; slot += readings_per_batch) {
        if (!import->append(batch_from(slot)) || !import->commit()) _exit(3);
        const std::int64_t acknowledged = before + import->acknowledged();
        if (write(reports, &acknowledged, sizeof acknowledged) != sizeof acknowledged) _exit(4);
    }
}

/// When a process is killed: so long after it has reported so many commits.
struct Lifetime {
    int reports = 0;
    std::chrono::microseconds rest{};
};

/// Starts an import in another process, kills it and returns what it had acknowledged last, at least `slot`.
std::int64_t acknowledged_when_killed(const std::filesystem::path& path, std::int64_t slot, Lifetime lifetime) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("cannot make a pipe");
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("cannot fork");
    if (child == 0) {
        close(ends[0]);
        import_until_killed(path, slot, ends[1]);
    }
    close(ends[1]);
    std::int64_t acknowledged = slot;
    const auto next_report = [&] {
        return read(ends[0], &acknowledged, sizeof acknowledged) == static_cast<ssize_t>(sizeof acknowledged);
    };
    while (lifetime.reports > 0 && next_report()) --lifetime.reports;
    std::this_thread::sleep_for(lifetime.rest);
    kill(child, SIGKILL);
    while (next_report()) {
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the import ended by itself with exit code " << WEXITSTATUS(status);
    return acknowledged;
}

/// Opens what a killed process left, and checks that every reading is there once. @return how many there are
std::int64_t intact_readings(const std::filesystem::path& path) {
    auto historian = Historian::open(path, OpenMode::write, start);
    EXPECT_TRUE(historian) << to_string(historian.error());
    EXPECT_TRUE(historian->damages().value().empty());
    if (historian->series_list().value().empty()) return 0;
    const auto stored = historian->readings("furnace", Instant::min(), Instant::max()).value();
    for (std::size_t i = 0; i < stored.size(); ++i) {
        EXPECT_EQ(stored[i], reading_of(static_cast<std::int64_t>(i)));
        if (testing::Test::HasFailure()) break;
    }
    EXPECT_EQ(historian->series("furnace").value().readings, static_cast<std::int64_t>(stored.size()));
    return static_cast<std::int64_t>(stored.size());
}

TEST(Crash, EveryAcknowledgedReadingIsThereOnceAfterAHundredKills) {
    constexpr int kills = 100;
    const TemporaryFolder folder;
    const auto path = folder.path() / "loadstar.db";
    std::mt19937 random(1);
    std::int64_t stored = 0;
    for (int i = 0; i < kills && !testing::Test::HasFailure(); ++i) {
        const Lifetime lifetime{.reports = static_cast<int>(random() % 20),
                                .rest = std::chrono::microseconds(random() % 5'000)};
        const auto acknowledged = acknowledged_when_killed(path, stored, lifetime);
        const auto before = stored;
        stored = intact_readings(path);
        EXPECT_GE(acknowledged, before + lifetime.reports * readings_per_batch) << "kill " << i;
        EXPECT_GE(stored, acknowledged) << "kill " << i;
        // At most the one commit whose report was cut off may be there besides.
        EXPECT_LE(stored, acknowledged + readings_per_batch) << "kill " << i;
        EXPECT_EQ((stored - before) % readings_per_batch, 0) << "kill " << i << ": half a commit is there";
    }
}

/// Exit code of a process that imports until the file may not grow any more.
constexpr int disk_was_full = 42;

[[noreturn]] void import_until_full(const std::filesystem::path& path) {
    const rlimit largest_file{.rlim_cur = 300'000, .rlim_max = 300'000};
    std::signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &largest_file) != 0) _exit(1);
    auto historian = Historian::open(path, OpenMode::write, start);
    if (!historian) _exit(2);
    auto import = historian->begin_import({.file = "meter.csv", .digest = "", .started_at = start});
    if (!import) _exit(3);
    for (std::int64_t slot = 0;; slot += readings_per_batch) {
        if (!import->append(batch_from(slot))) _exit(4);
        const auto committed = import->commit();
        if (committed) continue;
        const bool stays_over = !import->append(batch_from(slot)) && import->acknowledged() == slot;
        _exit(committed.error().code == ErrorCode::disk_full && stays_over ? disk_was_full : 5);
    }
}

TEST(Crash, AFullDiskIsToldAndLosesNothingAcknowledged) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "loadstar.db";
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) import_until_full(path);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), disk_was_full);
    const auto stored = intact_readings(path);
    EXPECT_GT(stored, 0);
    EXPECT_EQ(stored % readings_per_batch, 0);
}

}  // namespace
}  // namespace loadstar::historian
