# Language level, warnings, build types, sanitizers. loadstar_options carries what our own targets compile with; what
# third-party headers do inside is not ours to warn about (they are SYSTEM).
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Dev or Release" FORCE)
endif()
set(CMAKE_CXX_FLAGS_DEV "-O1 -g")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

if(LOADSTAR_CCACHE)
    find_program(LOADSTAR_CCACHE_PROGRAM ccache)
    if(LOADSTAR_CCACHE_PROGRAM)
        set(CMAKE_CXX_COMPILER_LAUNCHER ${LOADSTAR_CCACHE_PROGRAM})
    endif()
endif()

# The folder of the program can be moved as a whole: it finds its libraries in lib/ beside itself.
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)

add_library(loadstar_options INTERFACE)
# Designated initialisers leave out members on purpose; -Wrestrict of GCC 12 is wrong about std::string (GCC bug 105651).
target_compile_options(loadstar_options INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wno-sign-conversion -Wno-missing-field-initializers -Wno-restrict)
if(LOADSTAR_WARNINGS_AS_ERRORS)
    target_compile_options(loadstar_options INTERFACE -Werror)
endif()
if(LOADSTAR_SANITIZE)
    add_compile_options(-fsanitize=${LOADSTAR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${LOADSTAR_SANITIZE})
endif()
if(LOADSTAR_COVERAGE)
    add_compile_options(--coverage -fprofile-update=atomic)
    add_link_options(--coverage)
endif()
