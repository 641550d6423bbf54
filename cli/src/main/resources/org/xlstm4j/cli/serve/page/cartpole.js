// The cart and its pole, with the numbers of Gymnasium's CartPole-v1.

const GRAVITY = 9.8;
const CART_MASS = 1;
const POLE_MASS = 0.1;
const MASS = CART_MASS + POLE_MASS;
const HALF_LENGTH = 0.5;
const FORCE = 10;

/** Seconds of a step. */
export const STEP = 0.02;
export const MOST_POSITION = 2.4;
export const MOST_ANGLE = (12 * Math.PI) / 180;

/** Near the middle, nearly upright, nearly at rest. */
export function start(random = Math.random) {
  const small = () => (random() - 0.5) * 0.1;
  return { position: small(), speed: small(), angle: small(), turn: small() };
}

export function observation(cart) {
  return [cart.position, cart.speed, cart.angle, cart.turn];
}

/** The cart a step later: pushed to the right by action 1, to the left by 0. */
export function after(cart, action) {
  const force = action === 1 ? FORCE : -FORCE;
  const sine = Math.sin(cart.angle);
  const cosine = Math.cos(cart.angle);
  const pull = (force + POLE_MASS * HALF_LENGTH * cart.turn ** 2 * sine) / MASS;
  const turning =
    (GRAVITY * sine - cosine * pull) / (HALF_LENGTH * (4 / 3 - (POLE_MASS * cosine ** 2) / MASS));
  const pushing = pull - (POLE_MASS * HALF_LENGTH * turning * cosine) / MASS;
  return {
    position: cart.position + STEP * cart.speed,
    speed: cart.speed + STEP * pushing,
    angle: cart.angle + STEP * cart.turn,
    turn: cart.turn + STEP * turning,
  };
}

/** Whether an episode is over: the pole leans too far, or the rail ends. */
export function fell(cart) {
  return Math.abs(cart.position) > MOST_POSITION || Math.abs(cart.angle) > MOST_ANGLE;
}
