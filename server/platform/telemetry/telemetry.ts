import { Writable } from 'node:stream'
import { context, logs, metrics, SeverityNumber, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { createLog, type Log } from './log.ts'

export interface Telemetry {
  log: Log
  /** What was counted in this process, as Prometheus text. */
  metrics(): Promise<string>
  /** Sends what is still to be sent. */
  stop(): Promise<void>
}

interface Wishes {
  /** `server` or `worker`. */
  process: string
  logLevel: string
  /** OTLP over HTTP; without it nothing leaves the process but the log on standard output. */
  otlpEndpoint: string | undefined
}

/** Starts logs, metrics and traces of a process. Once per process, before anything is measured. */
export function startTelemetry({ process, logLevel, otlpEndpoint }: Wishes): Telemetry {
  const resource = resourceFromAttributes({ 'service.name': 'kizuna', 'service.instance.id': process })
  const page = new PrometheusExporter({ preventServerStart: true })
  const readers = otlpEndpoint
    ? [
        page,
        new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter({ url: `${otlpEndpoint}/v1/metrics` }) }),
      ]
    : [page]
  const meters = new MeterProvider({ resource, readers })
  metrics.setGlobalMeterProvider(meters)
  const exporting = otlpEndpoint ? exportTo(otlpEndpoint, resource) : undefined
  return {
    log: createLog(logLevel, exporting?.logStream),
    async metrics() {
      const { resourceMetrics } = await page.collect()
      return new PrometheusSerializer().serialize(resourceMetrics)
    },
    async stop() {
      await Promise.allSettled([meters.shutdown(), exporting?.stop()])
    },
  }
}

function exportTo(endpoint: string, resource: ReturnType<typeof resourceFromAttributes>) {
  const base = endpoint.replace(/\/$/, '')
  const traces = new TracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${base}/v1/traces` }) })],
  })
  const records = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `${base}/v1/logs` }) })],
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(traces)
  logs.setGlobalLoggerProvider(records)
  return {
    logStream: new Writable({
      write(line, _, done) {
        emit(String(line))
        done()
      },
    }),
    stop: () => Promise.allSettled([traces.shutdown(), records.shutdown()]),
  }
}

const severities: Record<string, SeverityNumber> = {
  trace: SeverityNumber.TRACE,
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
}

/** A line of the structured log, cleaned already, as a log record. */
function emit(line: string): void {
  const { level, msg, time, ...attributes } = JSON.parse(line)
  logs.getLogger('kizuna').emit({
    severityNumber: severities[level] ?? SeverityNumber.INFO,
    severityText: level,
    body: msg,
    timestamp: new Date(time),
    attributes,
  })
}
