# Howard Hinnant's date and tz: civil time on compilers whose <chrono> has no time-zone database. Only src/base.
find_package(date REQUIRED)
add_system_library(date date::date-tz)
