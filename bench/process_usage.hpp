#pragma once
// What this process has used so far.

#include <ctime>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

namespace loadstar::bench {

/// Processor time, all threads together.
inline double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Resident memory now.
inline double resident_mebibytes() {
    std::ifstream file("/proc/self/statm");
    double pages = 0;
    double resident_pages = 0;
    file >> pages >> resident_pages;
    return resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1048576;
}

/// The most that was resident at once.
inline double most_resident_mebibytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace loadstar::bench
