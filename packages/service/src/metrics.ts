import {
  type Counter,
  collectDefaultMetrics,
  type Gauge,
  type Histogram,
  Counter as PromCounter,
  Gauge as PromGauge,
  Histogram as PromHistogram,
  Registry,
} from "prom-client";

export type { Counter, Gauge, Histogram };

export interface MetricOptions<Label extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

export interface GaugeOptions<Label extends string = string> extends MetricOptions<Label> {
  /** Called before the metrics are read, to set the value of the moment. */
  readonly collect?: (gauge: Gauge<Label>) => void;
}

export interface HistogramOptions<Label extends string = string> extends MetricOptions<Label> {
  /** Upper bounds, rising. */
  readonly buckets?: readonly number[];
}

export interface MetricsOptions {
  /** Memory, event loop and garbage collection of the process, as prom-client names them. */
  readonly processMetrics?: boolean;
  /** Labels on every metric, such as the node's name. */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * The metrics of one service. Each has its own registry, so that several nodes fit into one process. Asking again for a
 * metric of the same name gives the same one; all its `collect` functions are called.
 */
export class MetricsRegistry {
  readonly #registry = new Registry();
  readonly #metrics = new Map<string, PromCounter | PromGauge | PromHistogram>();
  readonly #collectors = new Map<string, (() => void)[]>();

  constructor(options: MetricsOptions = {}) {
    if (options.labels !== undefined) this.#registry.setDefaultLabels({ ...options.labels });
    if (options.processMetrics === true) collectDefaultMetrics({ register: this.#registry });
  }

  counter<Label extends string>(options: MetricOptions<Label>): Counter<Label> {
    const known = this.#metrics.get(options.name);
    if (known instanceof PromCounter) return known as Counter<Label>;
    const made = new PromCounter<Label>(this.#base(options));
    this.#metrics.set(options.name, made);
    return made;
  }

  gauge<Label extends string>(options: GaugeOptions<Label>): Gauge<Label> {
    const { collect } = options;
    const known = this.#metrics.get(options.name);
    const collectors = this.#collectors.get(options.name) ?? [];
    this.#collectors.set(options.name, collectors);
    const gauge: Gauge<Label> =
      known instanceof PromGauge
        ? (known as Gauge<Label>)
        : new PromGauge<Label>({
            ...this.#base(options),
            collect: () => {
              for (const run of collectors) run();
            },
          });
    this.#metrics.set(options.name, gauge);
    if (collect !== undefined) collectors.push(() => collect(gauge));
    return gauge;
  }

  histogram<Label extends string>(options: HistogramOptions<Label>): Histogram<Label> {
    const known = this.#metrics.get(options.name);
    if (known instanceof PromHistogram) return known as Histogram<Label>;
    const { buckets } = options;
    const made = new PromHistogram<Label>({
      ...this.#base(options),
      ...(buckets === undefined ? {} : { buckets: [...buckets] }),
    });
    this.#metrics.set(options.name, made);
    return made;
  }

  /** Everything in Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #base<Label extends string>(options: MetricOptions<Label>) {
    return {
      name: options.name,
      help: options.help,
      labelNames: [...(options.labels ?? [])],
      registers: [this.#registry],
    };
  }
}
