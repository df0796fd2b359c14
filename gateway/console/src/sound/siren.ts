// Sounds an alert over WebAudio until it is told to be silent.
import type { Severity } from "../api/types";
import { PATTERNS, type Tone } from "../logic/alarm";

const LOUDNESS = 0.32;
/** A tone that starts or ends abruptly clicks. */
const RAMP_S = 0.012;

export class Siren {
  private context: AudioContext | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private sounding: Severity | null = null;

  constructor(private readonly changed: (audible: boolean) => void) {}

  /** Must be called from a click or key: browsers allow sound only then. */
  async start(): Promise<void> {
    if (this.context === null) {
      const context = new AudioContext();
      context.addEventListener("statechange", () => this.changed(context.state === "running"));
      this.context = context;
    }
    await this.context.resume();
    this.changed(this.context.state === "running");
    this.play(this.sounding);
  }

  async stop(): Promise<void> {
    await this.context?.suspend();
    this.changed(false);
  }

  /** From now on sound for `severity`, or be silent. */
  sound(severity: Severity | null): void {
    if (severity === this.sounding) return;
    this.sounding = severity;
    this.play(severity);
  }

  private play(severity: Severity | null): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const pattern = severity === null ? null : PATTERNS[severity];
    if (pattern === null || this.context?.state !== "running") return;
    for (const tone of pattern.tones) this.tone(this.context, tone);
    this.timer = setTimeout(() => this.play(severity), pattern.repeat_ms);
  }

  private tone(context: AudioContext, { hertz, start, length }: Tone): void {
    const begin = context.currentTime + start;
    const voice = context.createOscillator();
    const gain = context.createGain();
    voice.type = "triangle";
    voice.frequency.value = hertz;
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(LOUDNESS, begin + RAMP_S);
    gain.gain.setValueAtTime(LOUDNESS, begin + length - RAMP_S);
    gain.gain.linearRampToValueAtTime(0, begin + length);
    voice.connect(gain).connect(context.destination);
    voice.start(begin);
    voice.stop(begin + length);
  }
}
