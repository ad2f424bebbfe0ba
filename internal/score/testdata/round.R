# The figures that estimate_test.go holds internal/score against: Rscript round.R, with R 4.2 and survey 4.1.
suppressMessages(library(survey))
options(digits = 10)
items <- c("clean", "guard", "repair", "lift")
r <- read.csv("round.csv")
for (i in items) {
  r[[paste0("v.", i)]] <- as.numeric(r[[i]] > 0)
  r[[paste0("x.", i)]] <- ifelse(r[[i]] > 0, r[[i]], 0)
  r[[paste0("s.", i)]] <- as.numeric(r[[i]] >= 4)
}
d <- svydesign(id = ~1, strata = ~stratum, fpc = ~dwellings, data = r)
show <- function(name, est, se) cat(sprintf("%-10s %.6f %.6f %.6f %.6f\n", name, est, se, est - qnorm(.975) * se, est + qnorm(.975) * se))
for (i in items) {
  m <- svyratio(as.formula(paste0("~x.", i)), as.formula(paste0("~v.", i)), d)
  show(i, as.numeric(coef(m)), as.numeric(SE(m)))
}
t <- svytotal(as.formula(paste("~", paste(c(paste0("x.", items), paste0("v.", items)), collapse = "+"))), d)
index <- function(w) {
  e <- paste(sprintf("%.10f * (x.%s / v.%s - 1) * 25", w, items, items), collapse = "+")
  c <- svycontrast(t, parse(text = e)[[1]])
  c(as.numeric(coef(c)), as.numeric(SE(c)))
}
a <- index(c(.5, .5, 0, 0)); show("order", a[1], a[2])
a <- index(c(0, 0, .5, .5)); show("upkeep", a[1], a[2])
a <- index(c(.175, .175, .325, .325)); show("overall", a[1], a[2])
for (i in items) {
  p <- svyciprop(as.formula(paste0("~s.", i)), subset(d, r[[i]] > 0), method = "logit")
  m <- svyratio(as.formula(paste0("~s.", i)), as.formula(paste0("~v.", i)), d)
  cat(sprintf("%-10s %.6f %.6f %.6f %.6f\n", i, 100 * coef(p), 100 * SE(m), 100 * confint(p)[1], 100 * confint(p)[2]))
}
