// Tones without recordings. Each pattern is one buffer that the audio device itself repeats, so that no timer of a
// hidden tab can slow it down. P1 cannot be muted.
const PATTERNS = {
  1: { length_s: 1.6, notes: [[0, 0.3, 880], [0.35, 0.3, 660], [0.8, 0.3, 880], [1.15, 0.3, 660]], volume: 0.5 },
  2: { length_s: 5, notes: [[0, 0.22, 660], [0.3, 0.22, 660], [0.6, 0.34, 784]], volume: 0.32 },
  3: { length_s: 20, notes: [[0, 0.3, 523], [0.36, 0.4, 587]], volume: 0.22 },
  4: { length_s: 60, notes: [[0, 0.3, 440]], volume: 0.12 },
  lost: { length_s: 3, notes: [[0, 0.4, 330], [0.45, 0.4, 262], [0.9, 0.7, 196]], volume: 0.45 },
  test: { length_s: 1.3, notes: [[0, 0.18, 523], [0.22, 0.18, 659], [0.44, 0.4, 784]], volume: 0.3 },
};
const EDGE_S = 0.02;

/** The console's sound. Dispatches "state" whenever it starts or stops running, is muted, or plays another pattern. */
export class Sound extends EventTarget {
  muted = false;
  /** The pattern that is repeated now: a priority, "lost", or "" for silence. */
  plays = "";
  #context = null;
  #buffers = new Map();
  #playing = null;
  #ringing = 0;
  #lost = false;

  get running() {
    return this.#context?.state === "running";
  }

  /** Start the audio; allowed by browsers only after a gesture. Resolves to whether it runs. */
  async start() {
    if (!this.#context) {
      this.#context = new AudioContext();
      this.#context.addEventListener("statechange", () => this.#play());
    }
    if (!this.running) {
      const patience = new Promise((done) => setTimeout(done, 600));
      await Promise.race([this.#context.resume().catch(() => {}), patience]);
    }
    this.#play();
    return this.running;
  }

  test() {
    if (this.running) this.#source("test", false);
  }

  /** Sound for this priority until told otherwise; 0 is quiet. `again` begins the pattern anew. */
  ring(priority, again = false) {
    if (priority === this.#ringing && !again) return;
    this.#ringing = priority;
    this.#play();
  }

  /** The distinct tone of a lost connection. */
  lose(lost) {
    if (lost === this.#lost) return;
    this.#lost = lost;
    this.#play();
  }

  mute(muted) {
    this.muted = muted;
    this.#play();
  }

  #play() {
    this.#playing?.stop();
    const isHeard = this.#ringing === 1 || !this.muted;
    this.plays = !this.running ? "" : this.#lost ? "lost" : isHeard && this.#ringing ? String(this.#ringing) : "";
    const source = this.plays ? this.#source(this.plays, true) : null;
    this.#playing = source;
    source?.addEventListener("ended", () => {
      if (this.#playing === source) this.plays = "";
      this.dispatchEvent(new Event("state"));
    });
    this.dispatchEvent(new Event("state"));
  }

  #source(name, loop) {
    const source = new AudioBufferSourceNode(this.#context, { buffer: this.#buffer(name), loop });
    source.connect(this.#context.destination);
    source.start();
    return source;
  }

  #buffer(name) {
    if (!this.#buffers.has(name)) this.#buffers.set(name, draw(this.#context, PATTERNS[name]));
    return this.#buffers.get(name);
  }
}

function draw(context, { length_s, notes, volume }) {
  const rate = context.sampleRate;
  const buffer = new AudioBuffer({ length: Math.ceil(length_s * rate), sampleRate: rate, numberOfChannels: 1 });
  const samples = buffer.getChannelData(0);
  for (const [start_s, note_s, hertz] of notes) {
    const first = Math.floor(start_s * rate);
    const count = Math.floor(note_s * rate);
    for (let n = 0; n < count; n += 1) {
      const at_s = n / rate;
      const edge = Math.min(1, at_s / EDGE_S, (note_s - at_s) / EDGE_S);
      const wave = Math.sin(2 * Math.PI * hertz * at_s) + 0.25 * Math.sin(4 * Math.PI * hertz * at_s);
      samples[first + n] += volume * edge * wave;
    }
  }
  return buffer;
}
