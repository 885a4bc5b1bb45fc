package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateSearchTest {

  @Test
  void runsSideBySideGiveTheLossesOfSingleRuns() {
    DigitsData data = DigitsData.load();
    Map<Variant, List<Double>> losses = new EnumMap<>(Variant.class);
    List<Variant> order = new ArrayList<>();
    new RateSearch(5, 1)
        .run(
            data,
            (variant, values) -> {
              order.add(variant);
              losses.put(variant, values);
            });
    assertThat(order).containsExactly(Variant.values());
    int last = RateSearch.RATES.size() - 1;
    losses.forEach(
        (variant, values) -> {
          assertThat(values).as(variant.label()).hasSameSizeAs(RateSearch.RATES);
          assertThat(values.get(0))
              .as(variant.label())
              .isEqualTo(
                  new Training(variant, 5, 1, RateSearch.RATES.get(0)).run(data).finalLoss());
          assertThat(values.get(last))
              .as(variant.label())
              .isEqualTo(
                  new Training(variant, 5, 1, RateSearch.LARGEST_RATE).run(data).finalLoss());
        });
  }

  @Test
  void largestStableRateIsTheLastBelowTheLimit() {
    List<Double> losses = new ArrayList<>(Collections.nCopies(RateSearch.RATES.size(), Double.NaN));
    assertThat(RateSearch.largestStable(losses)).isEmpty();
    losses.set(4, RateSearch.STABLE_LOSS);
    assertThat(RateSearch.largestStable(losses)).isEmpty();
    losses.set(0, 0.01);
    assertThat(RateSearch.largestStable(losses)).contains(RateSearch.RATES.get(0));
    losses.set(2, 0.2);
    assertThat(RateSearch.largestStable(losses)).contains(RateSearch.RATES.get(2));
  }

  @Test
  void ratesAscend() {
    assertThat(RateSearch.RATES).isSorted().doesNotHaveDuplicates();
  }
}
