"""A ROS 2 node that lets `xlstm act --listen` drive a robot.

    xlstm act -m lram-control --task Pendulum-v1 --listen unix:/tmp/xlstm.sock \\
        --limits limits.json --bad-observation hold:10 --deadline 5 --on-miss stop:3
    python docs/examples/act_ros2.py --ros-args -p address:=unix:/tmp/xlstm.sock -p task:=Pendulum-v1

Topics: `observation` (std_msgs/Float32MultiArray, in), `reward` (std_msgs/Float32, in, optional),
`action` (std_msgs/Float32MultiArray, out), `guard` (std_msgs/String, out: the state, and the cause of
a stop). Service `reset` (std_srvs/Trigger) starts an episode. One node is one robot; several nodes
share one `xlstm act --listen`.

If the other side does not answer within `timeout` seconds, or the connection ends, the node publishes
no action and says so on `guard`: the actuators need a time limit of their own. It connects again with
the next observation, and starts an episode then.
"""
import json
import math
import socket


class Robot:
    """The robot's side of the protocol: one JSON object a line, one answer for each."""

    def __init__(self, address, task, timeout):
        self.address = address
        self.task = task
        self.timeout = timeout
        self.connection = None
        self.lines = None

    def connect(self):
        kind, _, rest = self.address.partition(":")
        if kind == "unix":
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            place = rest
        else:
            host, _, port = rest.rpartition(":")
            connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            place = (host or "127.0.0.1", int(port))
        connection.settimeout(self.timeout)
        try:
            connection.connect(place)
        except OSError:
            connection.close()
            raise
        self.connection = connection
        self.lines = connection.makefile("r", encoding="utf-8")
        return self.reset()

    def reset(self):
        if self.connection is None:
            return self.connect()
        return self.ask({"reset": {"task": self.task}})

    def act(self, observation, reward):
        """The answer to an observation: action, state, cause; or error."""
        if self.connection is None:
            self.connect()
        # NaN and infinity are not JSON, but the other side knows what to do with them
        return self.ask({"observation": [float(x) for x in observation], "reward": reward})

    def ask(self, message):
        try:
            self.connection.sendall((json.dumps(message) + "\n").encode())
            answer = self.lines.readline()
        except OSError:
            self.close()
            raise
        if not answer:
            self.close()
            raise ConnectionError("the connection ended")
        return json.loads(answer)

    def close(self):
        if self.connection is not None:
            # an answer that comes too late must not be taken for that to the next observation
            self.lines.close()
            self.connection.close()
            self.connection = None


def main():
    import rclpy
    from rclpy.node import Node
    from std_msgs.msg import Float32, Float32MultiArray, String
    from std_srvs.srv import Trigger

    class ActNode(Node):
        def __init__(self):
            super().__init__("xlstm_act")
            address = self.declare_parameter("address", "unix:/tmp/xlstm.sock").value
            task = self.declare_parameter("task", "Pendulum-v1").value
            timeout = self.declare_parameter("timeout", 0.1).value
            self.robot = Robot(address, task, timeout)
            self.last_reward = 0.0
            self.action = self.create_publisher(Float32MultiArray, "action", 1)
            self.guard = self.create_publisher(String, "guard", 10)
            self.create_subscription(Float32MultiArray, "observation", self.observe, 1)
            self.create_subscription(Float32, "reward", self.take_reward, 1)
            self.create_service(Trigger, "reset", self.reset)

        def take_reward(self, message):
            self.last_reward = message.data if math.isfinite(message.data) else 0.0

        def observe(self, message):
            try:
                # a reward counts once, whatever becomes of this observation
                reward, self.last_reward = self.last_reward, 0.0
                answer = self.robot.act(message.data, reward)
            except (OSError, ValueError) as error:
                self.say("no answer: %s" % error)
                return
            if "error" in answer:
                self.say(answer["error"])
                return
            action = answer["action"]
            values = [float(action)] if isinstance(action, int) else [float(x) for x in action]
            self.action.publish(Float32MultiArray(data=values))
            if answer.get("state", "running") != "running":
                self.say(" ".join(filter(None, [answer["state"], answer.get("cause")])))

        def reset(self, request, response):
            self.last_reward = 0.0
            try:
                answer = self.robot.reset()
                response.success = "error" not in answer
                response.message = answer.get("error", "")
            except (OSError, ValueError) as error:
                response.success = False
                response.message = str(error)
            return response

        def say(self, text):
            self.get_logger().warning(text)
            self.guard.publish(String(data=text))

    rclpy.init()
    node = ActNode()
    try:
        rclpy.spin(node)
    except KeyboardInterrupt:
        pass
    finally:
        node.robot.close()
        node.destroy_node()
        rclpy.try_shutdown()


if __name__ == "__main__":
    main()
