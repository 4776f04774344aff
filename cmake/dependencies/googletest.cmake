# GoogleTest and GoogleMock: the tests.
find_package(GTest REQUIRED)
add_system_library(googletest GTest::gmock GTest::gmock_main GTest::gtest)
