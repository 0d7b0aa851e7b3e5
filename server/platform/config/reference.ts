import type { Words } from '../errors/words.ts'

/** A setting as an operator reads about it. How its value is checked stands in `settings.ts`. */
export interface SettingReference {
  name: string
  /** What holds when the variable is absent or empty; `undefined` where nothing does. */
  preset: string | undefined
  /** A value that is accepted, for the guide and for fault messages. */
  example: string
  /** The value must never appear in a message, a log or a report. */
  secret: boolean
  meaning: Words
}

/** Every setting of the program: the guide, `kizuna doctor` and the messages about faults are made from this list. */
export const settingReferences = [
  {
    name: 'KIZUNA_DATA_DIR',
    preset: './data',
    example: '/srv/kizuna/data',
    secret: false,
    meaning: {
      ja: 'データベース、鍵、ファイルを置くフォルダー。バックアップの対象です。',
      en: 'The folder that holds the database, the keys and files. Back it up.',
    },
  },
  {
    name: 'KIZUNA_IMPORT_DIR',
    preset: undefined,
    example: '/srv/kizuna/incoming',
    secret: false,
    meaning: {
      ja: '定期インポートで監視するフォルダー。会社のアドレス名のフォルダーの中に、保存した設定ごとのフォルダーを置きます。未設定の場合はデータフォルダーの imports です。',
      en: 'The folder that scheduled imports watch: in it a folder named like the address of the company, and in that one for each saved mapping. Without it, the folder imports of the data folder.',
    },
  },
  {
    name: 'DATABASE_URL',
    preset: undefined,
    example: 'postgres://kizuna_owner:password@db.example.com:5432/kizuna',
    secret: true,
    meaning: {
      ja: '利用するPostgreSQL 17以降の接続先（データベースの所有者、CREATEROLE権限が必要）。未設定の場合は付属のPostgreSQL 18を起動します。',
      en: 'Connection to a PostgreSQL 17 or later, as the owner of the database, a role with CREATEROLE. Without it Kizuna starts the PostgreSQL 18 that it brings.',
    },
  },
  {
    name: 'HOST',
    preset: '127.0.0.1',
    example: '0.0.0.0',
    secret: false,
    meaning: {
      ja: '待ち受けるネットワークアドレス。他のコンピューターから接続するには 0.0.0.0 などを指定します。',
      en: 'The network address to listen on. Use 0.0.0.0 to be reachable from other machines.',
    },
  },
  {
    name: 'PORT',
    preset: '3000',
    example: '8080',
    secret: false,
    meaning: {
      ja: '待ち受けるポート番号。指定しない場合、3000番が使用中なら次の空き番号を使います。指定した番号が使用中なら起動を中止します。',
      en: 'The port to listen on. When it is not set and 3000 is taken, the next free port is used; a port that was asked for and is taken stops the start.',
    },
  },
  {
    name: 'KIZUNA_URL',
    preset: undefined,
    example: 'https://kizuna.example.com',
    secret: false,
    meaning: {
      ja: '利用者がブラウザーで開く公開アドレス。メール内のリンクやCookieに使います。未設定の場合は HOST と PORT から決めます。',
      en: 'The public address that people open in the browser, used in mails and cookies. Without it, made from HOST and PORT.',
    },
  },
  {
    name: 'KIZUNA_DEMO',
    preset: 'on',
    example: 'off',
    secret: false,
    meaning: {
      ja: 'デモ用の会社を用意するか（on または off）。off の場合は空の状態で始まります。',
      en: 'Whether a demo company is set up (on or off). With off the product starts empty.',
    },
  },
  {
    name: 'KIZUNA_KEYS',
    preset: undefined,
    example: '2026-04:q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=',
    secret: true,
    meaning: {
      ja: '暗号鍵。「識別子:32バイトのBase64」をカンマ区切りで並べ、先頭が現在の鍵、末尾が最初の鍵です。未設定の場合はデータフォルダーの keys ファイルに自動で作成します。',
      en: 'Encryption keys, "id:32 bytes in base64", separated by commas: the current one first, the oldest last. Without it they are made in the file keys of the data folder.',
    },
  },
  {
    name: 'SMTP_URL',
    preset: undefined,
    example: 'smtps://user:password@mail.example.com:465',
    secret: true,
    meaning: {
      ja: 'メールを送るSMTPサーバー（smtp:// または smtps://）。未設定の場合は送信せず、デモのメールボックスに表示します。',
      en: 'The SMTP server for outgoing mail (smtp:// or smtps://). Without it nothing is sent; mails show in the mailbox of the demo.',
    },
  },
  {
    name: 'MAIL_FROM',
    preset: 'Kizuna <no-reply@localhost>',
    example: 'Kizuna <no-reply@example.com>',
    secret: false,
    meaning: { ja: '送信メールの差出人。', en: 'The sender of outgoing mail.' },
  },
  {
    name: 'TRUSTED_PROXIES',
    preset: undefined,
    example: '10.0.0.0/8,192.0.2.10',
    secret: false,
    meaning: {
      ja: 'X-Forwarded-* ヘッダーを信頼するプロキシのIPアドレスまたはCIDR（カンマ区切り）。未設定の場合はどこからも信頼しません。',
      en: 'IP addresses or CIDR ranges of the proxies whose X-Forwarded-* headers are trusted, separated by commas. Without it none is.',
    },
  },
  {
    name: 'KIZUNA_PRIVATE_TARGETS',
    preset: undefined,
    example: '10.0.5.0/24,192.168.1.20',
    secret: false,
    meaning: {
      ja: '通知の送信先（Webhookなど）として許可する社内のIPアドレスまたはCIDR（カンマ区切り）。ここにある宛先にはhttp://でも送れます。未設定の場合はインターネットのアドレスだけに送ります。',
      en: 'IP addresses or CIDR ranges inside the company to which notices may be sent (webhooks and the like), separated by commas; plain http:// works there, too. Without it only addresses of the public internet are reached.',
    },
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    preset: undefined,
    example: 'http://localhost:4318',
    secret: false,
    meaning: {
      ja: 'トレース、メトリクス、ログを送るOpenTelemetry（OTLP/HTTP）の送信先。未設定の場合は送信しません。',
      en: 'Where traces, metrics and logs go (OpenTelemetry, OTLP over HTTP). Without it nothing is exported.',
    },
  },
  {
    name: 'LOG_LEVEL',
    preset: 'info',
    example: 'debug',
    secret: false,
    meaning: {
      ja: '出力するログの最低レベル: trace、debug、info、warn、error、fatal、silent。',
      en: 'The lowest level that is logged: trace, debug, info, warn, error, fatal, silent.',
    },
  },
  {
    name: 'KIZUNA_POOL_SIZE',
    preset: '10',
    example: '20',
    secret: false,
    meaning: {
      ja: 'プロセスごとのデータベース接続数の上限（1〜500）。',
      en: 'Database connections that each process opens at most (1 to 500).',
    },
  },
  {
    name: 'KIZUNA_WORKERS',
    preset: '4',
    example: '8',
    secret: false,
    meaning: {
      ja: '1つのワーカープロセスが同時に処理するジョブ数（1〜200）。',
      en: 'Jobs that one worker process runs at the same time (1 to 200).',
    },
  },
  {
    name: 'KIZUNA_REQUESTS_PER_MINUTE',
    preset: '600',
    example: '1200',
    secret: false,
    meaning: {
      ja: '1つのアカウントが1分間に行えるリクエスト数（1〜1000000）。',
      en: 'Requests that one account may make in a minute (1 to 1000000).',
    },
  },
] as const satisfies SettingReference[]

export type SettingName = (typeof settingReferences)[number]['name']

/** The guide page `docs/guide/settings.md`; a test holds the file equal to this. */
export function settingsGuide(): string {
  const row = (reference: SettingReference) =>
    `| \`${reference.name}\` | ${reference.preset === undefined ? '—' : `\`${reference.preset}\``} | ${reference.meaning.ja}<br>${reference.meaning.en} | \`${reference.example}\` |`
  return `# 設定 / Settings

すべて環境変数で指定します。空の値は未設定とみなします。起動時にまとめて検証し、誤りはすべて一度に報告します。
All settings are environment variables. An empty value counts as not set. They are checked at start, and all faults are reported together.

| 名前 / Name | 既定値 / Default | 意味 / Meaning | 例 / Example |
| --- | --- | --- | --- |
${settingReferences.map(row).join('\n')}

終了コード / Exit codes: \`0\` 正常終了・既に起動済み / ended well, or already running; \`1\` 予期しないエラー / unexpected fault; \`2\` 設定または引数の誤り / wrong setting or argument; \`3\` 指定したポートが使用中 / the port that was asked for is taken; \`4\` 起動を拒否（データベースの版や設定など、理由を表示） / refused to start (such as the database's version or settings; the reason is printed); \`5\` 監査ログの改ざんを検出 / the audit chain was tampered with; \`6\` \`kizuna doctor\` が異常を検出 / \`kizuna doctor\` found a failure.

この一覧は \`server/platform/config/reference.ts\` から作成しています。This page is made from \`server/platform/config/reference.ts\`.
`
}
