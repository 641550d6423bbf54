package example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.digitalpetri.modbus.client.ModbusTcpClient;
import com.digitalpetri.modbus.exceptions.ModbusException;
import com.digitalpetri.modbus.exceptions.ModbusTimeoutException;
import com.digitalpetri.modbus.pdu.ReadInputRegistersRequest;
import com.digitalpetri.modbus.pdu.WriteMultipleRegistersRequest;
import com.digitalpetri.modbus.server.ModbusTcpServer;
import com.digitalpetri.modbus.tcp.client.NettyTcpClientTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionSession;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.action.GuardState;

/** A client of the same library as the server, which stands in for a controller. */
class ModbusControlTest {
  private static final float[][] OBSERVATIONS = {{1, 0, 0}, {0.9f, 0.4f, 1}, {0.5f, -0.8f, -2}};

  private static ActionModel model;
  private static ActionTask task;
  private static ModbusTcpServer server;
  private static ModbusTcpClient client;
  private static ModbusTcpClient impatient;

  @BeforeAll
  static void connect() throws Exception {
    model = ActionModel.open(Path.of(System.getProperty("models"), "lram-control"));
    task = model.task("Pendulum-v1");
    int port = freePort();
    server = new ModbusControl(model, task).server(port);
    server.start();
    client = connect(port, Duration.ofSeconds(20));
    impatient = connect(port, Duration.ofMillis(300));
  }

  private static ModbusTcpClient connect(int port, Duration timeout) throws ModbusException {
    ModbusTcpClient connected =
        ModbusTcpClient.create(
            NettyTcpClientTransport.create(
                transport -> {
                  transport.hostname = "127.0.0.1";
                  transport.port = port;
                }),
            settings -> settings.requestTimeout = timeout);
    connected.connect();
    return connected;
  }

  @AfterAll
  static void disconnect() throws Exception {
    impatient.disconnect();
    client.disconnect();
    server.stop();
    model.close();
  }

  @Test
  void actionsAreThoseOfTheLibrary() throws ModbusException {
    ActionSession session = model.newSession(task, Team.of(1));
    float[] expected = new float[task.actionWidth()];
    for (int step = 0; step < OBSERVATIONS.length; step++) {
      session.act(OBSERVATIONS[step], -step, expected);
      write(1, -step, OBSERVATIONS[step]);
      assertAnswer(1, GuardState.RUNNING, step + 1, expected);
    }
  }

  @Test
  void aBrokenSensorHoldsTheActionOfItsUnitAlone() throws ModbusException {
    write(2, 0, OBSERVATIONS[0]);
    write(3, 0, OBSERVATIONS[0]);
    float[] first = action(read(2));
    write(2, 0, Float.NaN, 0, 0);
    assertAnswer(2, GuardState.HELD, 2, first);
    assertAnswer(3, GuardState.RUNNING, 1, first);
    // too short for a number
    client.writeMultipleRegisters(2, new WriteMultipleRegistersRequest(0, 1, new byte[2]));
    assertAnswer(2, GuardState.HELD, 3, first);
  }

  @Test
  void aNewEpisodeStartsAtTheBeginning() throws ModbusException {
    write(4, 0, OBSERVATIONS[0]);
    float[] first = action(read(4));
    write(4, -1, OBSERVATIONS[1]);
    client.writeMultipleRegisters(4, new WriteMultipleRegistersRequest(1000, 1, new byte[2]));
    write(4, 0, OBSERVATIONS[0]);
    assertAnswer(4, GuardState.RUNNING, 1, first);
  }

  @Test
  void aUnitBeyondTheSixteenthIsNotAnswered() throws ModbusException {
    for (int unit = 1; unit <= 16; unit++) {
      read(unit);
    }
    assertThrows(ModbusTimeoutException.class, () -> read(impatient, 17));
    read(16);
  }

  private static void write(int unit, float reward, float... observation) throws ModbusException {
    ByteBuffer values = ByteBuffer.allocate(Float.BYTES * (1 + observation.length));
    values.putFloat(reward);
    for (float value : observation) {
      values.putFloat(value);
    }
    client.writeMultipleRegisters(
        unit, new WriteMultipleRegistersRequest(0, values.capacity() / 2, values.array()));
  }

  private static ByteBuffer read(int unit) throws ModbusException {
    return read(client, unit);
  }

  private static ByteBuffer read(ModbusTcpClient controller, int unit) throws ModbusException {
    ReadInputRegistersRequest request =
        new ReadInputRegistersRequest(0, 2 + 2 * task.actionWidth());
    return ByteBuffer.wrap(controller.readInputRegisters(unit, request).registers());
  }

  private static void assertAnswer(int unit, GuardState state, int steps, float[] action)
      throws ModbusException {
    ByteBuffer answer = read(unit);
    assertEquals(state.ordinal(), answer.getShort(0), "state");
    assertEquals(steps, answer.getShort(2), "steps");
    assertArrayEquals(action, action(answer), "action");
  }

  private static float[] action(ByteBuffer answer) {
    float[] action = new float[task.actionWidth()];
    answer.position(4).asFloatBuffer().get(action);
    return action;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
