import { fileFault } from './file-fault.ts'

export const formats = ['csv', 'xlsx', 'jsonl'] as const
export type Format = (typeof formats)[number]

/** First bytes of what people upload by mistake, and what to do about it. */
const strangers: { begins: number[]; ja: string; en: string }[] = [
  {
    begins: [0x1f, 0x8b],
    ja: 'gzip で圧縮されています。展開してからアップロードしてください。',
    en: 'This is compressed with gzip. Unpack it first.',
  },
  {
    begins: [0x42, 0x5a, 0x68],
    ja: 'bzip2 で圧縮されています。展開してからアップロードしてください。',
    en: 'This is compressed with bzip2. Unpack it first.',
  },
  {
    begins: [0xfd, 0x37, 0x7a, 0x58],
    ja: 'xz で圧縮されています。展開してからアップロードしてください。',
    en: 'This is compressed with xz. Unpack it first.',
  },
  {
    begins: [0x28, 0xb5, 0x2f, 0xfd],
    ja: 'zstd で圧縮されています。展開してからアップロードしてください。',
    en: 'This is compressed with zstd. Unpack it first.',
  },
  {
    begins: [0x37, 0x7a, 0xbc, 0xaf],
    ja: '7z で圧縮されています。展開してからアップロードしてください。',
    en: 'This is a 7z archive. Unpack it first.',
  },
  {
    begins: [0x52, 0x61, 0x72, 0x21],
    ja: 'RAR で圧縮されています。展開してからアップロードしてください。',
    en: 'This is a RAR archive. Unpack it first.',
  },
  {
    begins: [0xd0, 0xcf, 0x11, 0xe0],
    ja: '旧形式のExcel（.xls）か、パスワード付きのファイルです。パスワードなしの .xlsx で保存し直してください。',
    en: 'This is an old Excel file (.xls), or one with a password. Save it as .xlsx without a password.',
  },
  {
    begins: [0x25, 0x50, 0x44, 0x46],
    ja: 'PDFは読み込めません。CSVまたはExcel（.xlsx）で保存してください。',
    en: 'A PDF cannot be imported. Save the data as CSV or Excel (.xlsx).',
  },
]

/**
 * The format of a file by its beginning, whatever its name says.
 * @throws AppError `invalid_input` for an empty file and for what is none of the formats
 */
export function detectFormat(sample: Uint8Array): Format {
  if (sample.length === 0) throw fileFault({ ja: 'ファイルが空です。', en: 'The file is empty.' })
  const stranger = strangers.find(({ begins }) => begins.every((byte, index) => sample[index] === byte))
  if (stranger) throw fileFault(stranger, {})
  if (sample[0] === 0x50 && sample[1] === 0x4b && sample[2] === 3 && sample[3] === 4) return 'xlsx'
  const isWide = (sample[0] === 0xff && sample[1] === 0xfe) || (sample[0] === 0xfe && sample[1] === 0xff)
  const begin = new TextDecoder('latin1')
    .decode(sample.subarray(0, 4_096))
    .replaceAll('\u0000', '')
    .replace(/^(\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/, '')
    .trimStart()
  if (!isWide && isBinary(sample)) {
    throw fileFault({
      ja: '文字のファイルではありません。CSV、Excel（.xlsx）、JSON Lines のいずれかをアップロードしてください。',
      en: 'This is no text. Upload CSV, Excel (.xlsx) or JSON lines.',
    })
  }
  if (/^<(!doctype|html|\?xml|table)/i.test(begin)) {
    throw fileFault({
      ja: 'HTMLまたはXMLのファイルです。CSVまたはExcel（.xlsx）で保存し直してください。',
      en: 'This is HTML or XML. Save the data as CSV or Excel (.xlsx).',
    })
  }
  return /^\{|^\[\s*\{/.test(begin) ? 'jsonl' : 'csv'
}

/** More than one control character in ten that no text holds; NUL counts only where it is not every other byte (UTF-16). */
function isBinary(sample: Uint8Array): boolean {
  const begin = sample.subarray(0, 4_096)
  let controls = 0
  let zeros = 0
  for (const byte of begin) {
    if (byte === 0) zeros++
    else if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27 && byte !== 26)) controls++
  }
  const wide = zeros > begin.length * 0.3 && zeros < begin.length * 0.6
  return controls > begin.length * 0.1 || (!wide && zeros > begin.length * 0.1)
}
