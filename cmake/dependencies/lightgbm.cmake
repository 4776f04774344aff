# LightGBM, C API: boosted trees with the quantile objective. Only src/forecast.
add_pinned_library(lightgbm lib_lightgbm.so)
