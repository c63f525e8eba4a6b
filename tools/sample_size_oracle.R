# Sample sizes by R, as an oracle for `protocolkit.sample_size`; for development only.
#
#   Rscript tools/sample_size_oracle.R > tests/cases/sample-size-r.csv
#
# Needs rpact, epiR and pwr. The table it writes is kept; the tests compare the methods with it.
suppressPackageStartupMessages({library(rpact); library(epiR); library(pwr)})

rows <- list()
add <- function(method, params, quantity, value, call) {
  rows[[length(rows) + 1]] <<- data.frame(method, params, quantity, value = sprintf("%.9g", value), call)
}
means <- function(design, ratio = 1, ...) {
  suppressMessages(getSampleSizeMeans(design, allocationRatioPlanned = ratio, ...))
}
fixed <- function(alpha, beta, sided) getDesignGroupSequential(kMax = 1, alpha = alpha, beta = beta, sided = sided)

for (ratio in c(1, 2)) for (power in c(0.8, 0.9)) {
  design <- fixed(0.05, 1 - power, 2)
  shown <- sprintf('"alpha": 0.05, "sided": 2, "power": %g, "ratio": %g', power, ratio)
  add("two_means_t", sprintf('{%s, "delta": 1, "sd": 2.2}', shown), "n_total_real",
      sum(means(design, ratio, alternative = 1, stDev = 2.2)$nFixed), "rpact getSampleSizeMeans")
  add("two_means_z", sprintf('{%s, "delta": 1, "sd": 2.2}', shown), "n_total_real",
      sum(means(design, ratio, alternative = 1, stDev = 2.2, normalApproximation = TRUE)$nFixed),
      "rpact getSampleSizeMeans(normalApproximation)")
  add("survival_schoenfeld_events", sprintf('{%s, "hr": 0.7}', shown), "events_real",
      getSampleSizeSurvival(design, hazardRatio = 0.7, pi2 = 0.5, eventTime = 12, accrualTime = 12, followUpTime = 12,
                            allocationRatioPlanned = ratio)$eventsFixed, "rpact getSampleSizeSurvival")
}
one <- fixed(0.025, 0.1, 1)
for (margin in c(0.5, 1)) {
  add("ni_means_t", sprintf('{"alpha": 0.025, "sided": 1, "power": 0.9, "ratio": 1, "margin": %g, "true_diff": 0, "sd": 2}', margin),
      "n_total_real", sum(means(one, alternative = 0, thetaH0 = -margin, stDev = 2)$nFixed), "rpact getSampleSizeMeans(thetaH0)")
}
for (sd in c(1.5, 3)) {
  n <- power.t.test(delta = 1, sd = sd, sig.level = 0.05, power = 0.9, type = "paired", strict = TRUE)$n
  add("crossover_2x2_t", sprintf('{"alpha": 0.05, "sided": 2, "power": 0.9, "delta": 1, "sd_diff": %g}', sd),
      "n_total_paired_real", n, "stats power.t.test(type='paired')")
}
for (p in list(c(0.3, 0.5), c(0.6, 0.75))) {
  n <- pwr.2p.test(h = ES.h(p[1], p[2]), sig.level = 0.05, power = 0.8)$n
  add("two_props_arcsine", sprintf('{"alpha": 0.05, "sided": 2, "power": 0.8, "ratio": 1, "p1": %g, "p2": %g}', p[1], p[2]),
      "n_per_arm_real", n, "pwr pwr.2p.test")
}
for (k in c(2, 3, 5)) for (type in c("P", "OF")) {
  design <- getDesignGroupSequential(kMax = k, alpha = 0.025, beta = 0.1, sided = 1, typeOfDesign = type)
  name <- if (type == "P") "pocock" else "obf"
  add("gsd_inflation", sprintf('{"alpha": 0.025, "sided": 1, "power": 0.9, "k": %d, "type": "%s"}', k, name),
      "inflation", getDesignCharacteristics(design)$inflationFactor, "rpact getDesignCharacteristics")
}
for (type in c("asOF", "asP")) {
  design <- getDesignGroupSequential(informationRates = c(0.4, 0.7, 1), alpha = 0.025, beta = 0.1, sided = 1, typeOfDesign = type)
  name <- if (type == "asOF") "ldobf" else "ldpocock"
  for (look in 1:3) {
    add(paste0("gsd_", name), '{"alpha": 0.025, "sided": 1, "info": [0.4, 0.7, 1]}',
        sprintf("critical_values[%d]", look - 1), design$criticalValues[look], "rpact getDesignGroupSequential")
  }
}
n <- epi.ssninfb(treat = 0.75, control = 0.7, delta = 0.1, n = NA, power = 0.8, alpha = 0.025, r = 1, nfractional = TRUE)
add("ni_props_unpooled", '{"alpha": 0.025, "sided": 1, "power": 0.8, "ratio": 1, "margin": 0.1, "p_ctl": 0.7, "p_trt": 0.75}',
    "n_total_real", n$n.total, "epiR epi.ssninfb")
write.csv(do.call(rbind, rows), stdout(), row.names = FALSE)
