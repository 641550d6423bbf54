package example;

import com.digitalpetri.modbus.exceptions.UnknownUnitIdException;
import com.digitalpetri.modbus.pdu.WriteMultipleRegistersRequest;
import com.digitalpetri.modbus.pdu.WriteMultipleRegistersResponse;
import com.digitalpetri.modbus.server.ModbusRequestContext;
import com.digitalpetri.modbus.server.ModbusTcpServer;
import com.digitalpetri.modbus.server.ProcessImage;
import com.digitalpetri.modbus.server.ReadWriteModbusServices;
import com.digitalpetri.modbus.tcp.server.NettyTcpServerTransport;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.action.BadObservation;
import org.xlstm4j.models.action.GuardOptions;
import org.xlstm4j.models.action.GuardState;
import org.xlstm4j.models.action.GuardedSession;

/**
 * A model behind Modbus TCP, for a programmable controller that is the client.
 *
 * <p>Each unit id is a robot with a guarded session of its own. The controller writes holding
 * registers from 0 on in one request (function 16): the reward, then the observation, 32-bit floats
 * of two registers each, high word first. When the request is answered, the action is in the input
 * registers (function 4): 0 the state (0 idle, 1 running, 2 held, 3 stopped), 1 the number of steps
 * modulo 65536, from 2 on the action as floats. Writing register 1000 (any value) starts an episode.
 *
 * <pre>
 * mvn package
 * java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
 *   -cp "target/modbus-control-1.jar:target/jars/*" example.ModbusControl \
 *   models/pretrained/lram-control Pendulum-v1 5020
 * </pre>
 *
 * Modbus has no passwords: listen only where nobody else can connect.
 */
public final class ModbusControl extends ReadWriteModbusServices {
  private static final int RESET = 1000;
  private static final int MOST_UNITS = 16;

  private final ActionModel model;
  private final ActionTask task;
  private final Map<Integer, Robot> robots = new HashMap<>();

  /** A robot: its registers and its session. */
  private static final class Robot {
    private final ProcessImage registers = new ProcessImage();
    private final GuardedSession session;
    private final float[] action;
    private int steps;

    private Robot(ActionModel model, ActionTask task) {
      GuardOptions options =
          GuardOptions.NONE
              .withFallback(Collections.nCopies(task.actionWidth(), 0f))
              .withBadObservation(new BadObservation.Hold(10));
      session = new GuardedSession(model.newSession(task, Team.of(1)), options);
      action = new float[task.actionWidth()];
      publish();
    }

    private void step(float reward, float[] observation) {
      session.act(observation, reward, action);
      steps++;
      publish();
    }

    private void reset() {
      session.reset();
      steps = 0;
      publish();
    }

    private void publish() {
      ByteBuffer bytes = ByteBuffer.allocate(4 + Float.BYTES * action.length);
      bytes.putShort((short) session.state().ordinal()).putShort((short) steps);
      for (float value : action) {
        bytes.putFloat(value);
      }
      registers.with(
          transaction ->
              transaction.writeInputRegisters(
                  inputs -> {
                    for (int i = 0; i < bytes.capacity() / 2; i++) {
                      inputs.put(i, new byte[] {bytes.get(2 * i), bytes.get(2 * i + 1)});
                    }
                  }));
      if (session.state() == GuardState.STOPPED) {
        System.err.println("stopped: " + session.cause());
      }
    }
  }

  ModbusControl(ActionModel model, ActionTask task) {
    this.model = model;
    this.task = task;
    // what all robots run is compiled before a controller waits for it
    model.newSession(task, Team.of(1)).warmUp(Duration.ofSeconds(1));
  }

  /** None if there are as many as there may be: Modbus leaves a unit unanswered that is not there. */
  private synchronized Optional<Robot> robot(int unit) {
    if (!robots.containsKey(unit) && robots.size() == MOST_UNITS) {
      return Optional.empty();
    }
    return Optional.of(robots.computeIfAbsent(unit, id -> new Robot(model, task)));
  }

  @Override
  protected Optional<ProcessImage> getProcessImage(int unitId) {
    return robot(unitId).map(robot -> robot.registers);
  }

  @Override
  public WriteMultipleRegistersResponse writeMultipleRegisters(
      ModbusRequestContext context, int unitId, WriteMultipleRegistersRequest request)
      throws UnknownUnitIdException {
    WriteMultipleRegistersResponse response =
        super.writeMultipleRegisters(context, unitId, request);
    Robot robot = robot(unitId).orElseThrow();
    synchronized (robot) {
      if (request.address() == RESET) {
        robot.reset();
      } else if (request.address() == 0) {
        ByteBuffer values = ByteBuffer.wrap(request.values());
        float reward = values.remaining() < Float.BYTES ? Float.NaN : values.getFloat();
        float[] observation = new float[values.remaining() / Float.BYTES];
        values.asFloatBuffer().get(observation);
        robot.step(reward, observation);
      }
    }
    return response;
  }

  /** A server of this machine's clients, not yet started. */
  ModbusTcpServer server(int port) {
    return ModbusTcpServer.create(
        NettyTcpServerTransport.create(
            transport -> {
              transport.bindAddress = "127.0.0.1";
              transport.port = port;
            }),
        this);
  }

  /**
   * Serves until it is ended.
   *
   * @param arguments the model's folder, the task, and the port
   */
  public static void main(String[] arguments) throws Exception {
    try (ActionModel model = ActionModel.open(Path.of(arguments[0]))) {
      model.prefault();
      ModbusControl control = new ModbusControl(model, model.task(arguments[1]));
      control.server(Integer.parseInt(arguments[2])).start();
      System.out.println("listening on 127.0.0.1:" + arguments[2]);
      Thread.currentThread().join();
    }
  }
}
