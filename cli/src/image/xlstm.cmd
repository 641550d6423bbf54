@echo off
rem The xlstm command on Windows. Models are found by name in %XLSTM_MODELS%, else in models of this image.
setlocal
set "home=%~dp0.."
if not defined XLSTM_MODELS set "XLSTM_MODELS=%home%\models"
set "aot=-Xshare:auto"
if exist "%home%\lib\xlstm.aot" set "aot=-XX:AOTCache=%home%\lib\xlstm.aot"
"%home%\bin\java" -XX:+UseSerialGC -Xmn16m -XX:-UsePerfData -Xlog:disable -Xlog:all=error:stderr "%aot%" ^
  -XX:CompileThresholdScaling=4 --enable-native-access=org.xlstm4j.engine ^
  -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 %XLSTM_JAVA_OPTIONS% ^
  "-Dxlstm4j.pretrained=%XLSTM_MODELS%" -Dxlstm.progress=false ^
  -m org.xlstm4j.cli/org.xlstm4j.cli.Main %*
exit /b %ERRORLEVEL%
