# Eigen: small dense linear algebra. Only src/forecast.
find_package(Eigen3 REQUIRED NO_MODULE)
add_system_library(eigen Eigen3::Eigen)
