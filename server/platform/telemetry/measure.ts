import { type Attributes, type Histogram, metrics, SpanStatusCode, trace } from '@opentelemetry/api'

const histograms = new Map<string, Histogram>()

/** How long requests took, by route and status (s). */
export function measureRequest(seconds: number, attributes: { route: string; method: string; status: number }): void {
  histogram('http.server.request.duration').record(seconds, {
    'http.route': attributes.route,
    'http.request.method': attributes.method,
    'http.response.status_code': attributes.status,
  })
}

/** How long jobs took, by name and outcome (s). */
export function measureJob(seconds: number, attributes: { name: string; outcome: 'done' | 'failed' }): void {
  histogram('kizuna.job.duration').record(seconds, { 'job.name': attributes.name, outcome: attributes.outcome })
}

/** Made at the first use: the meter counts only once telemetry has been started. */
function histogram(name: string): Histogram {
  const known = histograms.get(name)
  if (known) return known
  const made = metrics.getMeter('kizuna').createHistogram(name, {
    unit: 's',
    advice: { explicitBucketBoundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] },
  })
  histograms.set(name, made)
  return made
}

/** Runs work in a span of its own; costs next to nothing while no traces are exported. */
export async function traced<Result>(
  name: string,
  attributes: Attributes,
  work: () => Promise<Result>,
): Promise<Result> {
  return trace.getTracer('kizuna').startActiveSpan(name, { attributes }, async span => {
    try {
      return await work()
    } catch (error) {
      // The code only: a message may hold what a user typed.
      span.setStatus({ code: SpanStatusCode.ERROR, message: (error as { code?: string }).code ?? 'error' })
      throw error
    } finally {
      span.end()
    }
  })
}
