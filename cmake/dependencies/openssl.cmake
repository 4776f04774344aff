# OpenSSL's libcrypto: digests. Only src/base.
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
add_system_library(openssl OpenSSL::Crypto)
